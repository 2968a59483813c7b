"""An item's page, rendered once for everybody who sees the same item with the same earlier answer.

No page is requested as often, and rendering it takes a third of its time. The attempt's handle
and the form's token are filled in for each respondent. The page is rendered in a request of its
own, so that nothing of a real request can get into it.
"""

import secrets
from functools import lru_cache, partial
from typing import Any

from flask import Flask, current_app, render_template, request, url_for
from markupsafe import escape

from fitquiz.core.packs import Item
from fitquiz.web.quiz.device import HeldAttempt
from fitquiz.web.security.csrf import form_token
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.languages import get_language

UNSEEN = -1
MAX_PAGES = 1000
"""28 items have 392 pages in two languages, and twice as many with those opened from the check.
A page has 2 KB."""
HANDLE_PLACE = secrets.token_hex(16)
TOKEN_PLACE = secrets.token_hex(16)
"""Stand where the handle and the form's token go. They are random, so no pack can contain them."""


def init_item_pages(app: Flask) -> None:
    """Give the app its cache of rendered pages."""
    app.extensions["fitquiz_item_pages"] = lru_cache(MAX_PAGES)(partial(_render, app))


def show_item(held: HeldAttempt, items: tuple[Item, ...], index: int) -> str:
    """Return the page of `items[index]`; `items` are those of the attempt's open parts."""
    earlier = held.attempt.answers.get(items[index].id, UNSEEN)
    render = current_app.extensions["fitquiz_item_pages"]
    page: str = render(
        request.script_root,
        get_language(),
        held.attempt.content_hash,
        held.attempt.open_parts,
        index,
        earlier,
        _comes_from(),
    )
    page = page.replace(HANDLE_PLACE, held.handle)
    return page.replace(TOKEN_PLACE, escape(form_token()))


def address_of_item(handle: str, item: Item) -> str:
    """Return an item's address. The fragment moves the focus to its answers."""
    return url_for("answering.item", handle=handle, item_id=item.id, _anchor="answers")


def address_after(handle: str, items: tuple[Item, ...], index: int) -> str:
    """Return where an answer leads: to the next item, or back to the check it was opened from."""
    if _comes_from() == "check":
        return url_for("check.check", handle=handle, _anchor=items[index].id)
    if index + 1 < len(items):
        return address_of_item(handle, items[index + 1])
    return url_for("check.check", handle=handle)


def _address_before(
    handle: str, items: tuple[Item, ...], index: int, pack_id: str
) -> str:
    """Return where Back leads: to the item before, or to the check it was opened from."""
    if _comes_from() == "check":
        return url_for("check.check", handle=handle, _anchor=items[index].id)
    if index > 0:
        return address_of_item(handle, items[index - 1])
    return url_for("info.start_pack", pack_id=pack_id)


def _comes_from() -> str | None:
    return "check" if request.args.get("from") == "check" else None


def _render(
    app: Flask,
    root: str,
    language: str,
    content_hash: str,
    parts: tuple[str, ...],
    index: int,
    earlier: int | None,
    comes_from: str | None,
) -> str:
    pack = pack_of_attempt(content_hash)
    items = pack.items_of(parts)
    item = items[index]
    place: dict[str, Any] = {
        "handle": HANDLE_PLACE,
        "item_id": item.id,
        "from": comes_from,
    }
    addresses = app.url_map.bind("localhost")
    path = addresses.build("answering.item", {"language": language, **place})

    with (
        app.app_context(),
        app.test_request_context(path, base_url=f"http://localhost{root}"),
    ):
        return render_template(
            "quiz/item.html",
            words=pack.words_in(language),
            item=item,
            number=index + 1,
            count=len(items),
            earlier=earlier,
            is_seen=earlier != UNSEEN,
            token=TOKEN_PLACE,
            here=url_for("answering.item", **place),
            back=_address_before(HANDLE_PLACE, items, index, pack.id),
            onward=address_after(HANDLE_PLACE, items, index),
        )
