"""Measurements at work: excluded, folded into months, and read as series."""
