"""The pages: the only layer that reads requests, settings, the clock and files, and the only one that commits."""
