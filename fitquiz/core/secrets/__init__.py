"""Tokens, codes and what is derived from them. Randomness comes in as an argument."""
