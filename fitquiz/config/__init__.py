"""Settings, logs, folders and the secret key: what is needed before anything starts.

No Flask, no pages.
"""
