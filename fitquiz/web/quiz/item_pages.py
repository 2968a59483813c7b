"""A cache of rendered item pages.

Respondents get the same cached page if they see the same item with the same earlier answer. A
cached page contains placeholders, for example for the attempt's handle. `show_item`
replaces the placeholders for each respondent.

The cache saves time, because item pages are requested more often than other pages. Without the
cache, rendering would take a third of the time of a request for an item page.

`_render` renders the page in a test request of Flask and not in the respondent's request.
Otherwise, data from the respondent's request could get into the cached page.
"""

import re
import secrets
from collections.abc import Sequence
from functools import lru_cache, partial
from typing import Any

from flask import Flask, current_app, render_template, request, url_for
from markupsafe import escape

from fitquiz.core.packs import DOES_NOT_APPLY, Item, Pack, Words
from fitquiz.web.device.held_attempts import HeldAttempt
from fitquiz.web.device.kiosk import Kiosk, find_kiosk
from fitquiz.web.quiz.chapters import find_chapter, list_chapters
from fitquiz.web.security.csrf import form_token
from fitquiz.web.site.clock import get_now, to_ms
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.page_language import get_language

UNSEEN = -2
MAX_PAGES = 3000
"""The largest number of pages in the cache. A page has about 6,500 characters.

In the shipped pack, every respondent answers 28 items. Without kiosks, the cache has space for all
pages of these items. The earlier answer of an item has 7 possible values: five answers, left out,
and unseen. In three languages, 28 items have 28 × 7 × 3 = 588 pages. Each page has a second version
for respondents who come from the check. Both versions exist for own devices and for shared devices.
Therefore, these items have 2,352 pages. Kiosks need 1,176 additional pages. If the cache is full,
the cache deletes the page whose last use is the oldest.
"""
SIZERS = 4
"""The number of long statements whose space a page reserves.

The longest statement need not be the statement with the most lines.
"""
_LEADING_NUMBER = re.compile(r"[0-9]+(?!\w)")
HANDLE_PLACE = secrets.token_hex(16)
TOKEN_PLACE = secrets.token_hex(16)
LINK_PLACE = secrets.token_hex(16)
TIME_PLACE = secrets.token_hex(16)
"""HANDLE_PLACE is the placeholder for the attempt's handle. TOKEN_PLACE is for the CSRF token.
LINK_PLACE is for the token of a kiosk's link. TIME_PLACE is for the time of the request.

The placeholders are random, so that no pack can contain a placeholder.
"""


def init_item_pages(app: Flask) -> None:
    """Add the cache of rendered item pages to the app."""
    app.extensions["fitquiz_item_pages"] = lru_cache(MAX_PAGES)(partial(_render, app))


def show_item(held: HeldAttempt, items: tuple[Item, ...], index: int) -> str:
    """Return the page of `items[index]`. `items` are the items of the attempt's open parts."""
    item = items[index].id
    earlier = held.attempt.answers.get(item, UNSEEN)
    if item in held.attempt.not_applying:
        earlier = DOES_NOT_APPLY
    kiosk = None if held.is_kept else find_kiosk()
    render = current_app.extensions["fitquiz_item_pages"]
    page: str = render(
        request.script_root,
        get_language(),
        held.attempt.content_hash,
        held.attempt.open_parts,
        index,
        earlier,
        _opened_from(),
        held.is_kept,
        kiosk is not None,
    )
    if kiosk:
        page = page.replace(LINK_PLACE, kiosk.link)
    page = page.replace(HANDLE_PLACE, held.handle)
    page = page.replace(TIME_PLACE, str(to_ms(get_now())))
    return page.replace(TOKEN_PLACE, escape(form_token()))


def address_of_item(handle: str, item: Item) -> str:
    """Return the address of an item. The fragment moves the focus to the statement."""
    return url_for(
        "answering.item", handle=handle, item_id=item.id, _anchor="statement"
    )


def address_after(handle: str, items: tuple[Item, ...], index: int) -> str:
    """Return the address of the page that follows an answer.

    After the last item, the page is the check. If the item was opened from the check, the page is
    also the check. Otherwise, the page is the next item.
    """
    if _opened_from() == "check":
        return url_for("check.check", handle=handle, _anchor=items[index].id)
    if index + 1 < len(items):
        return address_of_item(handle, items[index + 1])
    return url_for("check.check", handle=handle)


def _address_before(
    handle: str, items: tuple[Item, ...], index: int, start: str
) -> str:
    """Return the address of the link to the previous page.

    If the item was opened from the check, the previous page is the check. For the first item, the
    previous page is `start`. Otherwise, the previous page is the previous item.
    """
    if _opened_from() == "check":
        return url_for("check.check", handle=handle, _anchor=items[index].id)
    if index > 0:
        return address_of_item(handle, items[index - 1])
    return start


def _start_address(pack_id: str, kiosk: Kiosk | None) -> str:
    """Return the address of the start page of the kiosk's link, or else of the pack."""
    if kiosk:
        return url_for("invitation_landing.start", token=kiosk.link)
    return url_for("info.start_pack", pack_id=pack_id)


def _opened_from() -> str | None:
    return "check" if request.args.get("from") == "check" else None


def name_keys(labels: Sequence[str]) -> list[str]:
    """Return for each answer the digits that a respondent types to choose the answer.

    If each label begins with a number, for example "0" or "10: fully agree", the digits are the
    number. If no label contains a digit, the digits are the position of the answer. For all other
    labels, for example -2 to 2, no digit can mean an answer, and all returned texts are empty.
    """
    numbers = [match[0] for label in labels if (match := _LEADING_NUMBER.match(label))]
    if len(set(numbers)) == len(labels):
        return numbers
    if any(character.isdigit() for label in labels for character in label):
        return [""] * len(labels)
    return [str(position) for position, _ in enumerate(labels, start=1)]


def describe_items(
    pack: Pack, words: Words, parts: tuple[str, ...]
) -> list[dict[str, str | list[str]]]:
    """Return what the script needs to show each item of the parts: its id and its text.

    For an item of a part that was opened later, also return the id of the part. If not all items
    have the same labels, also return the labels of the item's answers.
    """
    texts = words["items"]
    items = pack.items_of(parts)
    has_several = _has_several_labels(words, items)
    extra = {
        item.id: chapter.part
        for chapter in list_chapters(pack, parts)
        for item in chapter.items
        if chapter.part
    }
    described = []
    for item in items:
        description = {"id": item.id, "text": texts[item.id]}
        if item.id in extra:
            description["part"] = extra[item.id]
        if has_several:
            labels = words["item_labels"][item.id]
            description["labels"] = labels
            description["keys"] = name_keys(labels)
        described.append(description)
    return described


def _has_several_labels(words: Words, items: Sequence[Item]) -> bool:
    """Return whether some of the items have other labels than the first item."""
    labels = [words["item_labels"][item.id] for item in items]
    return any(each != labels[0] for each in labels)


def _list_longest(pack: Pack, items: Sequence[Item]) -> list[str]:
    """Return the longest statements of the items, in all languages of the pack.

    The page reserves the space of these statements, so that the answers never move.
    """
    texts = []
    for language in pack.languages:
        of_language = pack.words_in(language)["items"]
        texts += [of_language[item.id] for item in items]
    return sorted(texts, key=len, reverse=True)[:SIZERS]


def _find_position(pack: Pack, parts: tuple[str, ...], item: Item) -> dict[str, Any]:
    """Return the part of the item's chapter, the item's number there, and the number of its items."""
    chapter = find_chapter(list_chapters(pack, parts), item)
    number = chapter.items.index(item) + 1
    return {"part": chapter.part, "number": number, "count": len(chapter.items)}


def _render(
    app: Flask,
    root: str,
    language: str,
    content_hash: str,
    parts: tuple[str, ...],
    index: int,
    earlier: int | None,
    comes_from: str | None,
    is_kept: bool,
    is_on_kiosk: bool,
) -> str:
    pack = pack_of_attempt(content_hash)
    items = pack.items_of(parts)
    item = items[index]
    position = _find_position(pack, parts, item)
    words = page_words(pack, language)
    labels = words["item_labels"][item.id]
    kiosk = Kiosk(HANDLE_PLACE, LINK_PLACE) if is_on_kiosk else None
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
        start = _start_address(pack.id, kiosk)
        return render_template(
            "quiz/item.html",
            words=words,
            labels=labels,
            keys=name_keys(labels),
            longest=_list_longest(pack, items),
            item=item,
            statements=describe_items(pack, words, parts),
            now=TIME_PLACE,
            **position,
            # Who comes from the check has been through all items, so the bar must not go back.
            progress=position["count" if comes_from else "number"],
            earlier=earlier,
            is_seen=earlier != UNSEEN,
            is_skipped=earlier is None,
            is_not_applying=earlier == DOES_NOT_APPLY,
            pack=pack,
            is_kept=is_kept,
            handle=HANDLE_PLACE,
            token=TOKEN_PLACE,
            form_token=lambda: TOKEN_PLACE,
            find_kiosk=lambda: kiosk,
            here=url_for("answering.item", **place),
            start=start,
            back=_address_before(HANDLE_PLACE, items, index, start),
            onward=address_after(HANDLE_PLACE, items, index),
        )
