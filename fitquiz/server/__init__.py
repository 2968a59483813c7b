"""Runs the pages: the server process, its workers, and housekeeping in the background."""
