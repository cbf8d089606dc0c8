"""How much attention each vendor deserves: rules propose a segment by spending and criticality, people decide."""
