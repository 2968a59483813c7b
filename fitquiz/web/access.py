"""Who may open what: every route is listed here, and what no page ever takes is turned away before a view sees it.

`anyone`: public. `holder`: only the device that holds the attempt named in the address; a foreign one is a 404.
`bearer`: whoever has the secret link.
"""

from flask import Flask, abort, request

ANYONE, HOLDER, BEARER = "anyone", "holder", "bearer"

ACCESS = {
    "static_files.send": ANYONE,
    "pages.front": ANYONE,
    "pages.start": ANYONE,
    "pages.start_pack": ANYONE,
    "pages.how": ANYONE,
    "pages.statements": ANYONE,
    "pages.privacy": ANYONE,
    "quiz.begin": ANYONE,
    "quiz.go_on": HOLDER,
    "quiz.item": HOLDER,
    "quiz.check": HOLDER,
    "quiz.open_more": HOLDER,
    "quiz.reopen": HOLDER,
    "results.result": HOLDER,
    "results.answers": HOLDER,
    "results.how": HOLDER,
    "results.download": HOLDER,
    "holds.link": HOLDER,
    "holds.delete": HOLDER,
    "holds.deleted": HOLDER,
    "holds.come_back": BEARER,
    "holds.clear": ANYONE,
    "holds.cleared": ANYONE,
}

_SAFE = ("GET", "HEAD", "OPTIONS")


def init_access(app: Flask) -> None:
    """Check every request before its view."""
    app.before_request(_refuse_null_bytes)
    app.before_request(_refuse_foreign_posts)


def _refuse_null_bytes() -> None:
    if "\0" in request.path or any("\0" in text for pair in request.args.items(multi=True) for text in pair):
        abort(400)
    if request.method not in _SAFE and any("\0" in text for pair in request.form.items(multi=True) for text in pair):
        abort(400)


def _refuse_foreign_posts() -> None:
    """A form is taken from our own pages only; the form's token is checked besides, by Flask-WTF."""
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        abort(403)
