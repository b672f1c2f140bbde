"""Mail that comes back: what calendars answer, what could not be delivered. Everything else is left to people."""
