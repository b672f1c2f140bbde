"""Looking after what is stored: what was done and by whom, and whether everything still holds together."""
