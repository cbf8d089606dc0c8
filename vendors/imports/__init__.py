"""What all imports of the supply side share: rows in our words, parties, writing, reports, and files sent by page."""
