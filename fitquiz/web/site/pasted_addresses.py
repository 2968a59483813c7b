"""Finds the page of ours that a pasted or typed address means.

Chat programs, mail programs and people stick text to a link, for example a full stop or a bracket.
People also type addresses in capital letters, with a slash at the end, or without a language.
Mail programs wrap long links.

The module redirects such an address to the clean address of the page. Therefore pages, forms and
logs contain clean addresses only. Every redirect leads to a route of this app.
"""

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from flask import Flask, current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from fitquiz.core.languages import LANGUAGE_TABLE, LANGUAGES, find_nearest
from fitquiz.core.name_spelling import tidy_name
from fitquiz.core.secrets.tokens import HANDLE, TOKEN
from fitquiz.web.site.page_language import get_language

LINK_KINDS = (
    "invitations",
    "guided",
    "shared",
    "return",
    "staff-links",
    "stop-mail",
)
"""The parts of addresses before a token. Each kind of link has its own part."""

MAX_CHARACTERS = 2000
_ENCODINGS = 3
"""The largest number of encodings that are undone. Some mail programs encode an address twice."""

_LINK = re.compile(
    rf"""
    (?: / ({"|".join(LANGUAGES)}) )?
    / ({"|".join(LINK_KINDS)})
    / [^A-Za-z0-9_-]* ([A-Za-z0-9_-]{{43}})
    (?: /+ (begin|report|return) )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_WRAP = re.compile(r"= ?| ")
"""What a mail program leaves where a link is wrapped, in a tidied text.

In the encoding *quoted-printable*, a wrapped line ends with `=`.
"""
_MOST_LINES = 3
"""The largest number of lines of a wrapped link. More lines would join words that follow a link."""

_WEB_ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
_STUCK_TO_END = ".,:;!?*_~'\"`´’”»<>()[]{}|\\"
_PLAIN_PART = re.compile(r"[\w.~-]*[\w~-]\Z", re.ASCII)
_SPELT_AS_GIVEN = ("attempts", *LINK_KINDS)
"""After these parts of an address, small and capital letters have different meanings."""

_OTHER_WORDS = {"kode": "code"}
"""Norwegian words that people type instead of the last word of an address."""

_LANGUAGES_BY_NAME = {
    name: find_nearest(name, LANGUAGES)
    for language in LANGUAGE_TABLE
    for name in (language.code, *language.fallback_for)
}


def init_pasted_addresses(app: Flask) -> None:
    """Redirect each request whose address contains a token with other text around it."""
    app.before_request(_clean_token)


def redirect_to_meant_page() -> Response | None:
    """Return a redirect to the page that the address of this request means.

    Return None if the address means no page of ours, or if the address is clean already.
    """
    if request.method not in ("GET", "HEAD"):
        return None
    address = _find_address(request.path)
    if address is None:
        return None
    response = redirect(address)
    response.vary.add("Accept-Language")
    return response


def find_linked_address(text: str) -> str | None:
    """Find a link with a token in `text`. Return the address of the link's page, or None.

    The link may have any host, because a server can have several names. The returned address is
    always on this server.
    """
    if _find_link(_tidy(text)):
        return _find_address(text)
    return None


def find_own_address(text: str) -> str | None:
    """Find a link without a token in `text`. Return the address of the link's page, or None.

    The link must have the host of this request.
    """
    address = _find_web_address(_tidy(text))
    if address is None or not _is_our_host(address):
        return None
    _host, _, rest = _drop_scheme(address).partition("/")
    path = f"/{rest.partition('?')[0]}"
    return _find_address(path.removeprefix(request.script_root))


def find_link_fault(text: str) -> str | None:
    """Return what is wrong with the link in `text`, or None if `text` contains no link.

    The caller has found no page for this link.
    """
    tidied = _tidy(text)
    address = _find_web_address(tidied)
    if address is None:
        return None
    is_of_our_kind = any(f"/{kind}/" in tidied.lower() for kind in LINK_KINDS)
    if is_of_our_kind or _is_our_host(address):
        return "link-cut-short"
    return "link-of-another-site"


def _clean_token() -> Response | None:
    token = (request.view_args or {}).get("token")
    if token is None or TOKEN.match(token):
        return None
    return redirect_to_meant_page()


def _find_address(text: str) -> str | None:
    """Return the clean address that `text` means, or None if no route matches.

    Also return None if the clean address is the address of this request.
    """
    for path in _list_paths(_tidy(text)):
        found = _match(path)
        if found is not None:
            endpoint, values = found
            is_clean = path == request.path
            return None if is_clean else url_for(endpoint, **values)
    return None


def _match(path: str) -> tuple[str, dict[str, Any]] | None:
    routes = current_app.url_map.bind("localhost")
    try:
        endpoint, values = routes.match(path, method="GET")
    except HTTPException:
        return None
    return endpoint, dict(values)


def _list_paths(text: str) -> Iterator[str]:
    """Yield the paths that `text` can mean, the most likely path first."""
    link = _find_link(text)
    if link:
        language, kind, token, page = link.groups()
        language = (language or get_language()).lower()
        path = f"/{language}/{kind.lower()}/{token}"
        if page:
            yield f"{path}/{page.lower()}"
        yield path
        return

    parts = _split(text)
    if not all(_PLAIN_PART.match(part) for part in parts):
        return
    language = _LANGUAGES_BY_NAME.get(parts[0]) if parts else None
    if language:
        parts = [language, *parts[1:]]
    else:
        yield f"/{'/'.join(parts)}"
        parts = [get_language(), *parts]
    path = f"/{'/'.join(parts)}"
    yield path
    yield f"{path}/"


def _find_link(text: str) -> re.Match[str] | None:
    """Find a link with a token in a tidied text, or a link that a mail program has wrapped."""
    return _LINK.search(text) or _find_wrapped_link(text)


def _find_wrapped_link(text: str) -> re.Match[str] | None:
    """Find a link whose lines together contain a whole token, and no more letters or digits."""
    lines = _WRAP.split(text)
    for count in range(2, _MOST_LINES + 1):
        for start in range(len(lines) - count + 1):
            joined = "".join(lines[start : start + count])
            link = _LINK.search(joined)
            if link and not joined[link.end(3) :][:1].isalnum():
                return link
    return None


def _split(text: str) -> list[str]:
    """Return the parts of a path, in small letters, without text that is stuck to the end."""
    given = [part for part in text.split("/") if part]
    if given:
        first_word = given[-1].split(" ")[0]
        # A handle can end with `_`.
        is_handle = given[-2:-1] == ["attempts"] and HANDLE.match(first_word)
        given[-1] = first_word if is_handle else first_word.rstrip(_STUCK_TO_END)

    parts: list[str] = []
    for part in given:
        is_kept = bool(parts) and parts[-1] in _SPELT_AS_GIVEN
        parts.append(part if is_kept else part.lower())
    if parts:
        parts[-1] = _OTHER_WORDS.get(parts[-1], parts[-1])
    return [part for part in parts if part]


def _tidy(text: str) -> str:
    """Return a text without percent-encoding, HTML entities and invisible characters."""
    text = text[:MAX_CHARACTERS]
    for _ in range(_ENCODINGS):
        text = html.unescape(unquote(text))
    return tidy_name(text)


def _find_web_address(text: str) -> str | None:
    """Return the first web address in a text, or None. The address may have no scheme."""
    found = _WEB_ADDRESS.search(text)
    if found:
        return found[0]
    for word in text.split():
        if "/" in word and "." in word:
            return word
    return None


def _is_our_host(address: str) -> bool:
    host = _drop_scheme(address).partition("/")[0]
    return host.lower() == request.host.lower()


def _drop_scheme(address: str) -> str:
    parts = address.split("://", 1)
    return parts[-1]
