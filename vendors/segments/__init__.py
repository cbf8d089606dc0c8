"""Segments: rules propose by spending and criticality how much attention a vendor deserves, people decide."""
