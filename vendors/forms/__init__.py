"""Forms of the supply side."""
