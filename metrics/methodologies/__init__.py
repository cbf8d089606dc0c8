"""Methodologies at work: the arithmetic, apart from the database."""
