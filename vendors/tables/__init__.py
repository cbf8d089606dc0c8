"""Lists of the supply side."""
