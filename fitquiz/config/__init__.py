"""The settings, the log format, the folders and the secret key.

The server and the commands use this package when they start. This package does not import Flask.
"""
