"""Functions for tokens, tickets, codes, hashes and passwords.

The callers pass all random values as arguments.
"""
