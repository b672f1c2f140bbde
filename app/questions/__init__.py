"""The question engine: definitions of forms as data, and answers checked against them. It stores nothing."""
