"""The address with which the script of the item pages reads the statements and stores answers.

The script shows the next statement at once and sends the answers in the background. On an own
device, the script collects a few answers for one request. The script sends an answer again until the
server acknowledges the answer. Without the script, each item page
is a form of its own.
"""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, jsonify, render_template, request

from fitquiz.core.packs import DOES_NOT_APPLY, Pack
from fitquiz.store.attempts.answers import (
    GivenAnswer,
    list_answers,
    record_answers,
)
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.web.device.held_attempts import (
    HeldAttempt,
    load_held_attempt,
    renew_old_cookie,
)
from fitquiz.web.quiz.item_pages import describe_items
from fitquiz.web.security.csrf import form_token
from fitquiz.web.site.clock import get_now, to_ms
from fitquiz.web.site.database_session import (
    autocommit_reading,
    autocommit_writing,
)
from fitquiz.web.site.page_language import get_language

blueprint = Blueprint("background_answers", __name__)
_ATTEMPT = "/attempts/<handle>"

MAX_ANSWERS = 500
"""The largest number of answers in one request. A request has at most one answer for each item."""

MAX_GIVEN_MS = 4102444800000
"""The largest valid time of an answer: the start of the year 2100."""

RENEWED_WITHIN = timedelta(minutes=2)
"""An answer renews the cookie of a shared device only within this time after the tap."""


@blueprint.get(f"{_ATTEMPT}/items.json")
def read_items(handle: str) -> Response:
    """Return the statements of the open parts, the stored answers and a fresh form token."""
    held = load_held_attempt(handle, renews=False)
    words = held.pack.words_in(get_language())
    items = held.pack.items_of(held.attempt.open_parts)
    with autocommit_reading() as connection:
        stored = list_answers(connection, held.attempt)
    answers = {
        item.id: {
            "answer": stored[item.id].value,
            "given": to_ms(stored[item.id].given_at),
        }
        for item in items
        if item.id in stored
    }
    return jsonify(
        items=describe_items(words, items),
        answers=answers,
        token=form_token(),
        now=to_ms(get_now()),
    )


@blueprint.post(f"{_ATTEMPT}/items.json")
def store_answers(handle: str) -> Response:
    """Store one answer or several answers, and acknowledge the stored answers.

    The response lists the ids of the stored items and of the refused items. An answer is refused
    if its item is in no open part, or if the pack does not offer the answer. If the stored answer
    to an item was given later than the sent answer, the stored answer stays, and the sent answer is
    acknowledged. If another request changes the open parts at the same moment, store nothing and
    return 409. The script then sends the answers again.
    """
    held = load_held_attempt(handle, renews=False)
    attempt = held.attempt
    entries = _read_entries()
    asked = {item.id for item in held.pack.items_of(attempt.open_parts)}

    accepted = {}
    refused = []
    for item, entry in entries.items():
        given = _read_answer(entry, held.pack)
        if given is not None and item in asked:
            accepted[item] = given
        else:
            refused.append(item)

    if accepted:
        if not _store(attempt, accepted):
            return _explain(
                "The attempt has just changed. Send the answers again.", 409
            )
        _renew_cookie(held, accepted)
    return jsonify(stored=list(accepted), refused=refused, now=to_ms(get_now()))


@blueprint.get(f"{_ATTEMPT}/refused")
def show_refused(handle: str) -> str:
    """Show that an answer was not stored, and why."""
    held = load_held_attempt(handle)
    return render_template("quiz/refused.html", held=held)


def _read_entries() -> dict[str, dict[str, Any]]:
    """Return the entries of the form's field `answers` by item id.

    If an item has several entries, return the last of these entries.

    The field is JSON, for example `[{"item": "autonomy-1", "answer": 3, "given": 1796049081000}]`. Abort with
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


def _read_answer(entry: dict[str, Any], pack: Pack) -> GivenAnswer | None:
    """Return the answer of an entry, or None if the pack does not offer such an answer.

    `given` is the time of the tap in milliseconds since 1970. The browser measures the time with the
    clock of the server, because the clock of a device can be wrong. If `given` is missing or is not
    valid, use the present time.
    """
    value = entry.get("answer", "")
    lowest = DOES_NOT_APPLY if pack.offers_does_not_apply else 0
    offered = range(lowest, pack.answer_points)
    # Use `type` instead of `isinstance`, because True and False are instances of int.
    is_offered = type(value) is int and value in offered
    if value is not None and not is_offered:
        return None

    given = entry.get("given")
    if type(given) is not int or not 0 <= given <= MAX_GIVEN_MS:
        return GivenAnswer(value, get_now())
    return GivenAnswer(value, datetime.fromtimestamp(given / 1000, UTC))


def _store(attempt: Attempt, answers: Mapping[str, GivenAnswer]) -> bool:
    """Store the answers. Return False and store nothing if the attempt changed.

    A request can be on its way for a long time, and arrive after a request with a newer answer to
    the same item. Therefore, the answer counts that the respondent gave last.
    """
    now = get_now()
    in_time = {
        item: replace(given, given_at=min(max(given.given_at, attempt.started_at), now))
        for item, given in answers.items()
    }
    with autocommit_writing() as connection:
        return record_answers(connection, attempt, in_time, keeps_later=True)


def _renew_cookie(held: HeldAttempt, answers: Mapping[str, GivenAnswer]) -> None:
    """Renew the cookie of a shared device if the respondent has just given an answer.

    An answer that waited can arrive when the respondent has left the device. Such an answer must
    not keep the attempt open for the next person. The form field `closing` is `true` if the page is
    being closed. The reply can then arrive after the next person has begun.
    """
    last_given_at = max(given.given_at for given in answers.values())
    is_recent = get_now() - last_given_at <= RENEWED_WITHIN
    if is_recent and request.form.get("closing") != "true":
        renew_old_cookie(held)


def _explain(sentence: str, status: int) -> Response:
    response = jsonify(error=sentence)
    response.status_code = status
    return response
