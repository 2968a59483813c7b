"""A quiz about role fit. Each result shows its reasons and its uncertainty."""
