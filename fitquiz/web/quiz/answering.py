"""Taking the quiz: begin an attempt, show one item a page, and take its answer."""

from flask import Blueprint, abort, redirect, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import Item
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.store.attempts.answers import record_answer
from fitquiz.web.quiz.beginning import begin_from_form, show_begin_page
from fitquiz.web.quiz.device import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.item_pages import address_after, address_of_item, show_item
from fitquiz.web.quiz.quiz_forms import read_answer
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import autocommit_writing
from fitquiz.web.site.installed_packs import load_installed_pack

blueprint = Blueprint("answering", __name__)
_ATTEMPT = "/attempts/<handle>"


@blueprint.route("/packs/<pack_id>/begin", methods=["GET", "POST"])
def begin(pack_id: str) -> str | Response:
    """Say what is stored and who sees it; begin an attempt that is not counted for a group."""
    pack = load_installed_pack(pack_id)
    if request.method == "POST":
        return begin_from_form(pack, pack.first_parts, Ticket())
    return show_begin_page(
        pack,
        address=url_for("answering.begin", pack_id=pack.id),
        back=url_for("info.start_pack", pack_id=pack.id),
    )


@blueprint.get(f"{_ATTEMPT}/")
def go_on(handle: str) -> Response:
    """Lead to where the respondent was: the first unseen item, the check, or the result."""
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
    """Show one item; take its answer."""
    if request.method == "POST":
        return _take_answer(handle, item_id)

    held = load_held_attempt(handle, item_id)
    items = held.pack.items_of(held.attempt.open_parts)
    index = _find_index(items, item_id)
    if index is None:
        return _lead_on(held, item_id)
    return show_item(held, items, index)


def _take_answer(handle: str, item_id: str) -> Response:
    """Store the answer that the form sent, and lead to the next item."""
    # 404 if this browser does not hold the attempt, 410 if the attempt is deleted.
    held = load_held_attempt(handle, item_id)

    # Only items of open parts take answers.
    items = held.pack.items_of(held.attempt.open_parts)
    index = _find_index(items, item_id)
    if index is None:
        return _lead_on(held, item_id)

    value = read_answer(held.pack.answer_points)
    with autocommit_writing() as connection:
        is_stored = record_answer(connection, held.attempt, item_id, value, get_now())

    # Another request has sent, opened or deleted something since the attempt was read.
    if not is_stored:
        held = load_held_attempt(handle, item_id)
        return _lead_on(held, item_id)

    return redirect(address_after(handle, items, index), 303)


def _find_index(items: tuple[Item, ...], item_id: str) -> int | None:
    for index, asked in enumerate(items):
        if asked.id == item_id:
            return index
    return None


def _lead_on(held: HeldAttempt, item_id: str) -> Response:
    """Lead to where the respondent was, from an item that takes no answer now; 404 if unknown."""
    if item_id not in held.pack.items:
        abort(404)
    return redirect(url_for("answering.go_on", handle=held.handle), 303)
