"""The door of residents: no account, no cookie needed to read."""
