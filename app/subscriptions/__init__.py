"""Announcements of new events by mail, to those who asked for them and confirmed it."""
