"""市民企画提案事業: groups propose projects, the city screens them, supports some, and both look back."""
