"""What every API view shares: scopes, pages, problem details."""
