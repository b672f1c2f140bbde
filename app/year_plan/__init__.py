"""What a section must do in the course of a fiscal year: a shipped list, changed by each section, carried on."""
