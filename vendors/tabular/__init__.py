"""Contracts from tables as offices keep them: CSV and XLSX files whose columns are told apart by their headers."""
