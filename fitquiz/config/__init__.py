"""Settings, logs, folders and the secret key: what is decided before anything starts. No Flask, no pages."""
