"""Access rules and domain words of the supply side."""
