"""Methodologies over the state's scorecards: their changes previewed, and one adopted."""
