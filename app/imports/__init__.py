"""Files that become data: what a file would change is shown first, and written in one transaction or not at all."""
