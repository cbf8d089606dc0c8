"""Contracts at work: their terms, deadlines and timeline, and reminders of what comes near."""
