"""Spending of the state: on whom, for whom, on what, when, and how much hangs on how few."""
