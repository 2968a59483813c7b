"""Functions that count, seal and report the responses of a group."""
