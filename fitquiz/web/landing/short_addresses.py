"""Addresses without a language. Each address redirects to a page in the browser's language."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.languages import choose_language

blueprint = Blueprint("short_addresses", __name__)


@blueprint.get("/")
def front() -> Response:
    """Redirect to the start page."""
    return _redirect_in_browser_language("info.start")


@blueprint.get("/code")
def code() -> Response:
    """Redirect to the page where a visitor types a short code.

    This address is short, so that people can read it aloud.
    """
    return _redirect_in_browser_language("invitation_landing.code")


def _redirect_in_browser_language(endpoint: str) -> Response:
    accepted = request.headers.get("Accept-Language", "")
    language = choose_language(accepted)
    page = url_for(endpoint, language=language)
    response = redirect(page)
    response.vary.add("Accept-Language")
    return response
