"""The whole API against its description, as every kind of visitor."""
