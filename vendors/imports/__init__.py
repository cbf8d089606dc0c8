"""Imports of the supply side: catalogues, OCDS files and tables, tried out, taken and undone."""
