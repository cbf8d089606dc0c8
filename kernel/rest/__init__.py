"""What every API view shares: scopes, rows, lists, problem details, and how the API describes itself."""
