"""Functions for tokens, tickets, codes, and hashes of secrets.

The callers pass all random values as arguments.
"""
