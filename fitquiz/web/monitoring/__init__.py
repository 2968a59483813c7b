"""Health checks and metrics for operators. No label and no log line names a person."""
