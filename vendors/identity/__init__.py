"""Vendors that are one under several names: suggested with reasons, decided, merged, and made two again."""
