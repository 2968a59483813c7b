"""Protection of forms against cross-site request forgery (CSRF).

Each form contains a form token, which is valid in one browser session only.
"""

from flask import Flask
from flask_wtf import CSRFProtect
from flask_wtf.csrf import generate_csrf


def init_csrf(app: Flask) -> None:
    """Refuse every form without a valid form token, and let templates call `form_token`."""
    csrf = CSRFProtect(app)
    # The view calls `protect` itself, except for forms that mail programs send.
    csrf.exempt("fitquiz.web.landing.mail_stop.stop")
    app.add_template_global(form_token)


def form_token() -> str:
    """Return the form token for a form that has no form class."""
    return str(generate_csrf())
