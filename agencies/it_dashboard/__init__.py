"""Importing what the federal IT Dashboard publishes of a department: from files to agreements and results.

`reading` turns files into typed rows, `mapping` holds the rules of what becomes what, `loading` writes it.
"""
