"""What operators watch: health checks and metrics. No label or log names a person."""
