"""The language of a page: read from its address, else from the browser's wishes; and the catalogs of our own words."""

import io
from functools import cache
from pathlib import Path
from urllib.parse import quote

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup

from fitquiz.core.languages import LANGUAGES, choose_language

PREFIX = f"/<any({','.join(LANGUAGES)}):language>"
"""Every page's address begins with its language. The factory puts it before the routes of each blueprint."""
_LOCALES = {"nb": "nb_NO", "en": "en_GB"}
_NAMES = {"nb": "Norsk", "en": "English"}
_CATALOGS = Path(__file__).parent / "catalogs"


def init_languages(app: Flask) -> None:
    """Read the catalogs once and let templates translate by the language of the request."""
    catalogs = {language: _read_catalog(language) for language in LANGUAGES}
    app.extensions["fitquiz_catalogs"] = catalogs
    app.jinja_env.globals |= {"_": _translate, "gettext": _translate, "ngettext": _translate_many}
    app.url_value_preprocessor(
        lambda _endpoint, values: values.pop("language", None) if values else None
    )
    app.url_defaults(_add_language)
    app.context_processor(
        lambda: {"language": get_language(), "other_languages": list_other_languages}
    )


def get_language() -> str:
    """Return the language of the request's address, else the one that the browser asks for."""
    language: str | None = g.get("language")
    if language is None:
        first = request.path.split("/", 2)[1]
        wished = request.headers.get("Accept-Language", "")
        language = g.language = first if first in LANGUAGES else choose_language(wished)
    return language


def get_locale() -> str:
    """Return the locale that dates and numbers are written in."""
    return _LOCALES[get_language()]


def list_other_languages() -> list[tuple[str, str, str]]:
    """Return code, own name and address of this very page in each other language."""
    others = [language for language in LANGUAGES if language != get_language()]
    first, _, rest = request.path.lstrip("/").partition("/")
    query = f"?{request.query_string.decode('ascii', 'replace')}" if request.query_string else ""
    if first not in LANGUAGES:
        return [(code, _NAMES[code], url_for("info.start", language=code)) for code in others]
    kept = quote(rest, safe="/@:=+,;!$&'()*")
    return [(code, _NAMES[code], f"/{code}/{kept}{query}") for code in others]


def _translate(text: str, /, **values: object) -> Markup:
    """Return a text of a template in the page's language, with values filled in, escaped.

    Jinja's own extension says the same at five times the cost, and an item's page says nine.
    """
    return _phrase(get_language(), text) % values if values else _plain(get_language(), text)


def _translate_many(one: str, many: str, count: int, /, **values: object) -> Markup:
    said = _read_catalog(get_language()).ungettext(one, many, count)
    return Markup(said) % {"num": count, **values}  # noqa: S704 - our own words


@cache
def _phrase(language: str, text: str) -> Markup:
    return Markup(_read_catalog(language).ugettext(text))  # noqa: S704 - our own words


@cache
def _plain(language: str, text: str) -> Markup:
    """A text that holds no values: what is a sign of per cent in it stands twice, as in all others."""
    return _phrase(language, text) % {}


def _add_language(endpoint: str, values: dict[str, object]) -> None:
    has_language = current_app.url_map.is_endpoint_expecting(endpoint, "language")
    if has_language and "language" not in values:
        values["language"] = get_language()


@cache
def _read_catalog(language: str) -> NullTranslations:
    path = _CATALOGS / f"{language}.po"
    if not path.exists():
        return NullTranslations()
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
