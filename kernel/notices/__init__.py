"""Telling people: short notices in the portal and by e-mail."""
