"""Files sent through pages: kept, tried out and taken."""
