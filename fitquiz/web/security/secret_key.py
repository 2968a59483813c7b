"""Gives the secret key of the app to the modules that derive other secrets from the key."""

from flask import current_app


def get_secret_key() -> str:
    """Return the secret key that `create_app` has loaded."""
    return str(current_app.config["SECRET_KEY"])
