"""Filters of the supply side, for pages and API alike."""
