"""Forms of the console, one module a page family."""
