"""The check: the respondent sees all answers before sending them, sends them, and takes them back."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import Words
from fitquiz.core.result.fit import has_suggestion
from fitquiz.store.attempts.attempts import reopen_parts
from fitquiz.store.attempts.stopping_shares import stop_all_shares
from fitquiz.web.quiz.device import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.sending import send_and_count
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import writing
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("check", __name__)
_ATTEMPT = "/attempts/<handle>"
ROWS_IN_GROUP = 6
Row = tuple[str, str, str | None, str]
"""An item on the check: its id, its text, the answer's label (None: left out), and its address."""


@blueprint.route(f"{_ATTEMPT}/check", methods=["GET", "POST"])
def check(handle: str) -> str | Response:
    """Show all answers before they are sent; send them."""
    held = load_held_attempt(handle)
    attempt = held.attempt
    pack = held.pack
    if not attempt.is_open:
        return redirect(url_for("result.result", handle=handle), 303)

    if request.method == "POST":
        send_and_count(held, get_now())
        return redirect(url_for("result.result", handle=handle), 303)

    parts = (*attempt.sent_parts, *attempt.open_parts)
    words = pack.words_in(get_language())
    rows = _list_rows(held, words)
    return render_template(
        "quiz/check.html",
        held=held,
        words=words,
        groups=_group_rows(rows),
        is_enough=pack.rule.poles is None
        or has_suggestion(pack, attempt.answers, parts),
        extras=[part for part in pack.optional_parts if part.id not in parts],
    )


@blueprint.post(f"{_ATTEMPT}/reopen")
def reopen(handle: str) -> Response:
    """Take the sent answers back, so that left out items can be answered. Sharing stops."""
    held = load_held_attempt(handle)
    attempt = held.attempt
    pack = held.pack
    if pack.rule.poles and not has_suggestion(
        pack, attempt.answers, attempt.sent_parts
    ):
        with writing() as session:
            if reopen_parts(session, attempt):
                stop_all_shares(session, attempt.id)
    return redirect(url_for("answering.go_on", handle=handle), 303)


def _group_rows(rows: list[Row]) -> list[tuple[int, int, list[Row]]]:
    """Return the rows in groups, each with the numbers of its first and last statement."""
    groups = []
    for start in range(0, len(rows), ROWS_IN_GROUP):
        group = rows[start : start + ROWS_IN_GROUP]
        groups.append((start + 1, start + len(group), group))
    return groups


def _list_rows(held: HeldAttempt, words: Words) -> list[Row]:
    """Return the rows of the check, one for each item of the open parts."""
    # Item ids need no quoting. Building one address instead of 28 saves 0.4 ms.
    values: dict[str, Any] = {
        "handle": held.handle,
        "item_id": "*",
        "from": "check",
    }
    address_of_any = url_for("answering.item", _anchor="answers", **values)
    labels = words["answers"]["labels"]

    rows: list[Row] = []
    for asked in held.pack.items_of(held.attempt.open_parts):
        text = words["items"][asked.id]
        answer = held.attempt.answers.get(asked.id)
        label = None
        if answer is not None:
            label = labels[answer]
        address = address_of_any.replace("*", asked.id)
        rows.append((asked.id, text, label, address))
    return rows
