"""Contracts and payments from tables as offices keep them: CSV and XLSX, whose columns a mapping tells apart."""
