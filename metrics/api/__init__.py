"""Measuring over the API."""
