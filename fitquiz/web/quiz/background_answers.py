"""The address with which the script of the item pages reads the statements and stores answers.

The script shows the next statement at once and sends the answers in the background. The script
sends an answer again until the server acknowledges the answer. Without the script, each item page
is a form of its own.
"""

import json
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.engine.upserts import Executor
from fitquiz.web.device.held_attempts import load_held_attempt, renew_old_cookie
from fitquiz.web.security.csrf import form_token
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import autocommit_writing, writing
from fitquiz.web.site.page_language import get_language

blueprint = Blueprint("background_answers", __name__)
_ATTEMPT = "/attempts/<handle>"

MAX_ANSWERS = 500
"""The largest number of answers in one request. A request has at most one answer for each item."""

MAX_AGO_MS = 365 * 24 * 3600 * 1000
"""The largest valid age of an answer, in milliseconds."""


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """An answer that the pack offers. `value` is None for an item that is left out.

    `ago` is the time between the tap and the request. The browser measures this time.
    """

    item: str
    value: int | None
    ago: timedelta


@blueprint.get(f"{_ATTEMPT}/items.json")
def read_items(handle: str) -> Response:
    """Return the statements of the open parts, the stored answers and a fresh form token."""
    held = load_held_attempt(handle, renews=False)
    texts = held.pack.words_in(get_language())["items"]
    items = held.pack.items_of(held.attempt.open_parts)
    answers = held.attempt.answers
    return jsonify(
        items=[{"id": item.id, "text": texts[item.id]} for item in items],
        answers={item.id: answers[item.id] for item in items if item.id in answers},
        token=form_token(),
    )


@blueprint.post(f"{_ATTEMPT}/items.json")
def store_answers(handle: str) -> Response:
    """Store one answer or several answers, and acknowledge the stored answers.

    The response lists the ids of the stored items and of the refused items. An answer is refused
    if its item is in no open part, or if the pack does not offer the answer. If another request
    changes the open parts at the same moment, store nothing and return 409. The script then sends
    the answers again.

    The form field `closing` is `true` if the page is being closed. The response then renews no
    cookie, because it can arrive after the next person at a shared device has begun.
    """
    held = load_held_attempt(handle, renews=False)
    if request.form.get("closing") != "true":
        renew_old_cookie(held)
    attempt = held.attempt
    entries = _read_entries()
    asked = {item.id for item in held.pack.items_of(attempt.open_parts)}

    accepted = []
    refused = []
    for item, entry in entries.items():
        given = _read_answer(entry, held.pack.answer_points)
        if given is not None and item in asked:
            accepted.append(given)
        else:
            refused.append(item)

    if accepted and not _store(attempt, accepted):
        return _explain("The attempt has just changed. Send the answers again.", 409)
    stored = [given.item for given in accepted]
    return jsonify(stored=stored, refused=refused)


@blueprint.get(f"{_ATTEMPT}/refused")
def show_refused(handle: str) -> str:
    """Show that an answer was not stored, and why."""
    held = load_held_attempt(handle)
    return render_template("quiz/refused.html", held=held)


def _read_entries() -> dict[str, dict[str, Any]]:
    """Return the entries of the form's field `answers` by item id.

    If an item has several entries, return the last of these entries.

    The field is JSON, for example `[{"item": "autonomy-1", "answer": 3, "ago": 1200}]`. Abort with
    400 if the field has another shape, and with 413 if the field has too many entries.
    """
    try:
        entries = json.loads(request.form.get("answers", ""))
    except (
        ValueError,
        RecursionError,
    ):  # Thousands of nested lists raise RecursionError.
        entries = None
    if not isinstance(entries, list):
        abort(_explain("Send a JSON list of answers.", 400))
    if len(entries) > MAX_ANSWERS:
        abort(_explain(f"Send at most {MAX_ANSWERS} answers at once.", 413))

    by_item = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("item"), str):
            abort(_explain("Each answer is a JSON object with the id of an item.", 400))
        by_item[entry["item"]] = entry
    return by_item


def _read_answer(entry: dict[str, Any], points: int) -> GivenAnswer | None:
    """Return the answer of an entry, or None if the pack does not offer such an answer.

    `points` is the number of answers that the pack offers for an item. If `ago` is missing or is
    not valid, use 0.
    """
    value = entry.get("answer", "")
    # Use `type` instead of `isinstance`, because True and False are instances of int.
    is_offered = type(value) is int and 0 <= value < points
    if value is not None and not is_offered:
        return None

    ago = entry.get("ago")
    if type(ago) is not int or not 0 <= ago <= MAX_AGO_MS:
        ago = 0
    return GivenAnswer(entry["item"], value, timedelta(milliseconds=ago))


def _store(attempt: Attempt, answers: list[GivenAnswer]) -> bool:
    """Store the answers in one transaction. Return False and store nothing if the attempt changed.

    The stored time of an answer is the time of the tap. If fitquiz stored the time of arrival,
    answers that arrive together would look like careless answers.
    """
    now = get_now()
    # Always lock the items in the same order. Otherwise, two requests could block each other.
    answers = sorted(answers, key=lambda given: given.item)
    with _open_writing(len(answers)) as executor:
        for given in answers:
            tapped_at = max(attempt.started_at, now - given.ago)
            if not record_answer(executor, attempt, given.item, given.value, tapped_at):
                return False
    return True


def _open_writing(count: int) -> AbstractContextManager[Executor]:
    """Open a write transaction for `count` answers.

    Most requests have one answer. One answer needs only one SQL statement, which is a transaction
    by itself. A session would make such a request a quarter slower.
    """
    if count == 1:
        return autocommit_writing()
    return writing()


def _explain(sentence: str, status: int) -> Response:
    response = jsonify(error=sentence)
    response.status_code = status
    return response
