"""Amendments, milestones and payments at work: agreed, corrected and taken back."""
