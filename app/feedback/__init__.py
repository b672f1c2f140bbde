"""What people thought of an event: answers that nobody can trace to a person (docs/decisions/ says how)."""
