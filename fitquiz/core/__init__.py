"""The rules, in plain Python: no input or output, no clock, no randomness, nothing but the standard library."""
