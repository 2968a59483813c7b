"""Health checks and metrics for operators. No label and no log line contains a person's name."""
