"""The settings, the log format, the folders and the secret key.

A server and a command read these before they start. This package does not import Flask.
"""
