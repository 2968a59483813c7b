"""Addresses without a language, for people who type them. They lead to the page in the browser's language."""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.languages import choose_language

blueprint = Blueprint("short_addresses", __name__)


@blueprint.get("/")
def front() -> Response:
    """Lead to the start page."""
    return _redirect_in_browser_language("info.start")


@blueprint.get("/code")
def code() -> Response:
    """Lead to the page where a code is typed. This address can be read aloud."""
    return _redirect_in_browser_language("invitation_landing.code")


def _redirect_in_browser_language(endpoint: str) -> Response:
    wished = request.headers.get("Accept-Language", "")
    response = redirect(url_for(endpoint, language=choose_language(wished)))
    response.vary.add("Accept-Language")
    return response
