"""From answers to scores, fit, suggestion and reasons."""
