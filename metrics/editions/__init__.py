"""New editions of the scoring method: drafted from an old one, checked while people write, changed until first use."""
