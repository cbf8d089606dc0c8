"""Outcomes at work: read over the months that measure them."""
