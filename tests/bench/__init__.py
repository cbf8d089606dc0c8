"""Proof of speed: what the portal does, measured beside the bare work underneath (`make bench`)."""
