"""Service levels at work: committed to by a contract, followed over time."""
