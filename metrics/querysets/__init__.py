"""Access rules and domain words of measuring."""
