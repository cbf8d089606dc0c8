"""Contracts as all imports share them: rows, parties, writing, and reports."""
