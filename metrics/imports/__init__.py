"""Measurements at volume: read from a file, judged and merged as sets."""
