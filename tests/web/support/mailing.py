"""Finds the secret links of invitations that the server sends by e-mail."""

from flask import Flask
from sqlalchemy import text

from fitquiz.core.mail.encrypted_addresses import derive_stop_token
from tests.web.support.records import read_database


def read_mailed_seeds(app: Flask) -> list[bytes]:
    """Return the seeds of all invitations that the server sends by e-mail."""
    with read_database(app).engine.connect() as connection:
        query = "SELECT seed FROM invitation WHERE is_mailed ORDER BY id"
        return list(connection.scalars(text(query)))


def find_stop_tokens(app: Flask) -> list[str]:
    """Return the tokens with which the invited people stop all messages."""
    key = str(app.config["SECRET_KEY"])
    return [derive_stop_token(key, seed) for seed in read_mailed_seeds(app)]


def find_stop_token(app: Flask) -> str:
    """Return the token of the first invited person."""
    return find_stop_tokens(app)[0]
