"""Pages of the supply side, by topic."""
