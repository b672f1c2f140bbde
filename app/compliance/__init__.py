"""Who must take part in what by when, who has, and who was told."""
