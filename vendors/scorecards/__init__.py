"""Scorecards at work: requested, computed, explained, compared and published."""
