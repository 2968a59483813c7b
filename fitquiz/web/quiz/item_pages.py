"""An item's page, rendered once for all who come to the same item with the same earlier answer.

No page is asked for as often, and to render it took a third of its time. What is a respondent's own, the attempt's
handle and the form's token, is filled in for each. The page is rendered in a request made for it, not in theirs, so
that nothing else of theirs can be in it.
"""

import secrets
from functools import lru_cache, partial
from typing import Any

from flask import Flask, current_app, render_template, request, url_for
from markupsafe import escape

from fitquiz.core.packs import Item
from fitquiz.core.result.scoring import Answers
from fitquiz.web.quiz.device import LastSeen
from fitquiz.web.security.csrf import form_token
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.languages import get_language

UNSEEN = -1
MOST_PAGES = 1000
"""28 items have 392 in two languages, twice that with the way from the check; each is 2 KB. The oldest go first."""
HANDLE = secrets.token_hex(16)
"""The place of a handle in what is kept for everybody."""
TOKEN = secrets.token_hex(16)
"""The place to fill in, as that for a handle: no text of a pack can hold what is drawn anew at each start."""


def init_item_pages(app: Flask) -> None:
    """Let the app keep what it has rendered."""
    app.extensions["fitquiz_item_pages"] = lru_cache(MOST_PAGES)(partial(_render, app))


def show_item(seen: LastSeen, items: tuple[Item, ...], at: int, answers: Answers) -> str:
    """Return the page of the item at this place among those that the attempt asks."""
    earlier = answers.get(items[at].id, UNSEEN)
    page: str = current_app.extensions["fitquiz_item_pages"](
        request.script_root,
        get_language(),
        seen.content_hash,
        seen.open_parts,
        at,
        earlier,
        _comes_from(),
    )
    return page.replace(HANDLE, seen.handle).replace(TOKEN, escape(form_token()))


def address_of_item(handle: str, item: Item) -> str:
    """An item's address. The fragment puts the focus on its answers."""
    return _address_with_place(request.script_root, get_language(), item.id).replace(HANDLE, handle)


@lru_cache(1000)
def _address_with_place(_root: str, _language: str, item_id: str) -> str:
    """Built once: it took 15 µs of each answer."""
    return url_for("answering.item", handle=HANDLE, item_id=item_id, _anchor="answers")


def address_after(handle: str, items: tuple[Item, ...], at: int) -> str:
    """Where an answer leads: to the next item, or to the check, if that is where the respondent came from."""
    if _comes_from() == "check":
        return url_for("answering.check", handle=handle, _anchor=items[at].id)
    return (
        address_of_item(handle, items[at + 1])
        if at + 1 < len(items)
        else url_for("answering.check", handle=handle)
    )


def _address_before(handle: str, items: tuple[Item, ...], at: int, pack_id: str) -> str:
    """Where Back leads: to the check, if that is where the respondent came from, else to the item before."""
    if _comes_from() == "check":
        return url_for("answering.check", handle=handle, _anchor=items[at].id)
    return (
        address_of_item(handle, items[at - 1])
        if at
        else url_for("info.start_pack", pack_id=pack_id)
    )


def _comes_from() -> str | None:
    return "check" if request.args.get("from") == "check" else None


def _render(
    app: Flask,
    root: str,
    language: str,
    content_hash: str,
    parts: tuple[str, ...],
    at: int,
    earlier: int | None,
    comes_from: str | None,
) -> str:
    pack = pack_of_attempt(content_hash)
    items = pack.items_of(parts)
    named: dict[str, Any] = {"handle": HANDLE, "item_id": items[at].id, "from": comes_from}
    path = app.url_map.bind("localhost").build("answering.item", {"language": language, **named})
    with app.app_context(), app.test_request_context(path, base_url=f"http://localhost{root}"):
        return render_template(
            "quiz/answering/item.html",
            words=pack.words_in(language),
            item=items[at],
            number=at + 1,
            count=len(items),
            earlier=earlier,
            is_seen=earlier != UNSEEN,
            token=TOKEN,
            here=url_for("answering.item", **named),
            back=_address_before(HANDLE, items, at, pack.id),
            onward=address_after(HANDLE, items, at),
        )
