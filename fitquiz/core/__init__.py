"""The rules of the questionnaire, in pure functions.

The package uses no files, no network, no clock and no random source, and imports only Python's
standard library.
"""
