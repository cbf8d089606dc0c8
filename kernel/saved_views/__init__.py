"""Lists as people left them: filters and order under a name, for oneself or for colleagues."""
