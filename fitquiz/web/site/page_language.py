"""The language of a page, and the translation of the texts in templates.

The URL of a page begins with the code of the page's language, for example `/en/`. If a URL
contains no code, the browser's Accept-Language header decides the language.
"""

import io
from functools import cache
from pathlib import Path
from urllib.parse import quote

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, request, url_for
from markupsafe import Markup

from fitquiz.core.languages import LANGUAGE_TABLE, LANGUAGES, choose_language
from fitquiz.web.site.number_spacing import join_numbers

PREFIX = f"/<any({','.join(LANGUAGES)}):language>"
"""The prefix of the routes whose pages have a language.

`fitquiz.web.factory` adds this prefix to the blueprints.
"""

_BY_CODE = {language.code: language for language in LANGUAGE_TABLE}
_CATALOGS = Path(__file__).parent / "catalogs"


def init_languages(app: Flask) -> None:
    """Read all catalogs, and let templates translate into the language of the request."""
    catalogs = {language: _read_catalog(language) for language in LANGUAGES}
    app.extensions["fitquiz_catalogs"] = catalogs

    app.jinja_env.globals["_"] = _translate
    app.jinja_env.globals["gettext"] = _translate
    app.jinja_env.globals["ngettext"] = _translate_plural
    app.jinja_env.globals["language_names"] = {
        language.code: language.full_name for language in LANGUAGE_TABLE
    }
    app.context_processor(_add_template_variables)

    app.url_value_preprocessor(_drop_language)
    app.url_defaults(_add_language)


def get_language() -> str:
    """Return the language of the request, as a code.

    Read the code in the URL. If the URL contains no code, read the header Accept-Language.
    """
    known: str | None = g.get("language")
    if known is not None:
        return known

    language = request.path.split("/", 2)[1]
    if language not in LANGUAGES:
        language = choose_language(request.headers.get("Accept-Language", ""))
    g.language = language
    return language


def get_locale() -> str:
    """Return the locale for the dates and numbers of the page."""
    return find_locale(get_language())


def find_locale(language: str) -> str:
    """Return the locale for dates and numbers in a language of the pages."""
    return _BY_CODE[language].locale


def list_other_languages() -> list[tuple[str, str, str]]:
    """Return a code, a name and a URL for each language except the page's language.

    The name is in the language itself, for example `Norsk`. The URL opens the present page in that
    language. If the present page's own URL contains no language, the returned URL opens the start
    page.
    """
    first_part, _, rest = request.path.lstrip("/").partition("/")
    # Quote the path again, because Flask has decoded the path. Flask does not decode query_string.
    query = request.query_string.decode("ascii", "replace")
    quoted_rest = quote(rest, safe="/@:=+,;!$&'()*")

    others = []
    for language in LANGUAGE_TABLE:
        code = language.code
        if code == get_language():
            continue
        if first_part not in LANGUAGES:
            address = url_for("info.start", language=code)
        elif query:
            address = f"/{code}/{quoted_rest}?{query}"
        else:
            address = f"/{code}/{quoted_rest}"
        others.append((code, language.own_name, address))
    return others


def _translate(text: str, /, **values: object) -> Markup:
    """Return the translation of `text` in the language of the page.

    Escape `values`, and insert them into the translation.

    Jinja's i18n extension could replace this function, but the extension is five times slower.
    """
    language = get_language()
    if not values:
        return _translate_without_values(language, text)
    return _find_translation(language, text) % values


def _translate_plural(one: str, many: str, count: int, /, **values: object) -> Markup:
    language = get_language()
    translated = _read_catalog(language).ungettext(one, many, count)
    return _keep_numbers_together(language, translated) % {"num": count, **values}


@cache
def _find_translation(language: str, text: str) -> Markup:
    return _keep_numbers_together(language, _read_catalog(language).ugettext(text))


@cache
def _keep_numbers_together(language: str, translated: str) -> Markup:
    return Markup(join_numbers(language, translated))  # noqa: S704 - no visitor can change a catalog


@cache
def _translate_without_values(language: str, text: str) -> Markup:
    """Return the translation of `text`, with `%` in the place of each `%%`.

    The texts in the catalogs are format strings. A format string contains `%%` for each `%`.
    """
    return _find_translation(language, text) % {}


def _add_template_variables() -> dict[str, object]:
    return {
        "language": get_language(),
        "other_languages": list_other_languages,
    }


def _drop_language(_endpoint: str | None, values: dict[str, object] | None) -> None:
    """Remove the language from the arguments of views. Views call `get_language` instead."""
    if values:
        values.pop("language", None)


def _add_language(endpoint: str, values: dict[str, object]) -> None:
    """Add the language of the present page to each `url_for` that needs a language."""
    needs_language = current_app.url_map.is_endpoint_expecting(endpoint, "language")
    if needs_language and "language" not in values:
        values["language"] = get_language()


@cache
def _read_catalog(language: str) -> NullTranslations:
    path = _CATALOGS / f"{language}.po"
    if not path.exists():
        # English has no catalog, because the keys of the catalogs are the English texts.
        return NullTranslations()

    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return Translations(compiled)
