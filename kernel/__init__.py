"""The kernel: what every room speaks. It knows no room."""
