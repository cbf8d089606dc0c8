"""The scorecard on paper: a tagged PDF that says what its page says."""
