"""The demonstration: one real year as it was, and the present one with invented people."""
