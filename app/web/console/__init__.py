"""The door of organizers and the reception desk."""
