"""Pages about people: the office's list, everybody's own profile, tokens."""
