"""The server process, its workers, and the housekeeping that runs in the background."""
