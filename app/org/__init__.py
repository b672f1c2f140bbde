"""The city's own people: sections by fiscal year, members of staff, the duties they hold."""
