"""The records. Plain functions that take a session first. They never commit and never import Flask."""
