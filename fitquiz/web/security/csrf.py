"""Protects forms against cross-site request forgery (CSRF).

Each form carries a token that is valid in one browser session only.
"""

from flask import Flask
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


def init_csrf(app: Flask) -> None:
    """Refuse every form that comes without a valid token."""
    CSRFProtect(app)
    app.add_template_global(form_token)


def form_token() -> str:
    """Return the token for a form that is written without a form class."""
    return str(generate_csrf())
