"""Runs the app: the server process, its workers, and housekeeping in the background."""
