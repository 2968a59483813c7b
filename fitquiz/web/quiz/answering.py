"""Pages where a respondent begins an attempt and answers one item on each page."""

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import Item
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.store.attempts.answers import record_answer
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.beginning import (
    begin_from_form,
    list_earlier_campaigns,
    show_begin_page,
)
from fitquiz.web.quiz.item_pages import address_after, address_of_item, show_item
from fitquiz.web.quiz.quiz_forms import read_answer
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import autocommit_writing
from fitquiz.web.site.installed_packs import load_installed_pack

blueprint = Blueprint("answering", __name__)
_ATTEMPT = "/attempts/<handle>"


@blueprint.route("/packs/<pack_id>/begin", methods=["GET", "POST"])
def begin(pack_id: str) -> str | Response:
    """Show which data is stored and who sees the data.

    On POST, begin an attempt that no campaign counts. The query argument `after` is the handle of
    the attempt whose page led here.
    """
    pack = load_installed_pack(pack_id)
    if request.method == "POST":
        return begin_from_form(pack, pack.first_parts, Ticket())
    return show_begin_page(
        pack,
        address=url_for("answering.begin", pack_id=pack.id),
        back=url_for("info.start_pack", pack_id=pack.id),
        earlier_campaigns=list_earlier_campaigns(request.args.get("after", "")),
    )


@blueprint.get(f"{_ATTEMPT}/")
def go_on(handle: str) -> Response:
    """Redirect to the page where the respondent continues.

    If no part is open, redirect to the result. If parts are open, redirect to their first item
    without a stored answer. An item that was left out on purpose has a stored, empty answer. If
    every item of the open parts has a stored answer, redirect to the check.
    """
    held = load_held_attempt(handle)
    attempt = held.attempt
    if not attempt.is_open:
        return redirect(url_for("result.result", handle=handle), 303)

    for asked in held.pack.items_of(attempt.open_parts):
        if asked.id not in attempt.answers:
            return redirect(address_of_item(handle, asked), 303)
    return redirect(url_for("check.check", handle=handle), 303)


@blueprint.route(f"{_ATTEMPT}/items/<item_id>", methods=["GET", "POST"])
def item(handle: str, item_id: str) -> str | Response:
    """Show one item. On POST, store the answer and redirect to the next page."""
    if request.method == "POST":
        return _take_answer(handle, item_id)

    held = load_held_attempt(handle, item_id)
    items = held.pack.items_of(held.attempt.open_parts)
    index = _find_index(items, item_id)
    if index is None:
        return _lead_on(held, item_id)
    return show_item(held, items, index)


def _take_answer(handle: str, item_id: str) -> Response:
    """Store the answer from the form, and redirect to the next page."""
    held = load_held_attempt(handle, item_id)

    # Store an answer only for an item of an open part.
    items = held.pack.items_of(held.attempt.open_parts)
    index = _find_index(items, item_id)
    if index is None:
        return _lead_to_reason(held, item_id)

    value = read_answer(held.pack)
    with autocommit_writing() as connection:
        is_stored = record_answer(connection, held.attempt, item_id, value, get_now())

    # If the answer is not stored, another request has changed the open parts or deleted the
    # attempt.
    if not is_stored:
        held = load_held_attempt(handle, item_id)
        return _lead_to_reason(held, item_id)

    return redirect(address_after(handle, items, index), 303)


def _find_index(items: tuple[Item, ...], item_id: str) -> int | None:
    for index, asked in enumerate(items):
        if asked.id == item_id:
            return index
    return None


def _lead_to_reason(held: HeldAttempt, item_id: str) -> Response:
    """Redirect to the page that says why the answer was not stored.

    Abort with 404 if the pack has no item with this id.
    """
    if item_id not in held.pack.items:
        abort(404)
    return redirect(url_for("background_answers.show_refused", handle=held.handle), 303)


def _lead_on(held: HeldAttempt, item_id: str) -> Response:
    """Redirect to the page where the respondent continues, because the item is in no open part.

    Abort with 404 if the pack has no item with this id.
    """
    if item_id not in held.pack.items:
        abort(404)
    return redirect(url_for("answering.go_on", handle=held.handle), 303)
