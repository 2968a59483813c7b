"""Health checks and metrics for operators. No metric contains the name of a person."""
