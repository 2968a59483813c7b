"""The check: the page that shows the answers before the respondent sends the answers.

If too many items were left out for a suggestion, the respondent can open the sent parts again.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import Item, Words
from fitquiz.core.result.fit import has_suggestion
from fitquiz.store.attempts.attempts import reopen_parts
from fitquiz.store.attempts.stopping_shares import stop_all_shares
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.chapters import list_chapters
from fitquiz.web.quiz.sending import is_refused_already, send_and_count
from fitquiz.web.site.clock import get_now, to_ms
from fitquiz.web.site.database_session import writing
from fitquiz.web.site.foreign_texts import page_words

blueprint = Blueprint("check", __name__)
_ATTEMPT = "/attempts/<handle>"
ROWS_IN_GROUP = 6


@dataclass(frozen=True, slots=True)
class Row:
    """An item on the check. `address` is the address of its page.

    `answer` is the label of the answer, or None without an answer. `is_seen` is true if the
    respondent has answered the item, or left the item out on purpose. `is_not_applying` is true if
    the respondent said that the item does not apply.
    """

    id: str
    text: str
    answer: str | None
    is_seen: bool
    is_not_applying: bool
    address: str

    @property
    def is_unanswered(self) -> bool:
        """Whether the respondent skipped the item, or has not answered it yet."""
        return self.answer is None and not self.is_not_applying


@blueprint.route(f"{_ATTEMPT}/check", methods=["GET", "POST"])
def check(handle: str) -> str | Response:
    """Show the answers of the open parts.

    On POST, send the open parts and redirect to the result. If the form promised that the answers
    are counted, and the campaign refuses the answers meanwhile, show the check again.
    """
    held = load_held_attempt(handle)
    attempt = held.attempt
    pack = held.pack
    if not attempt.is_open:
        return redirect(url_for("result.result", handle=handle), 303)

    is_refused = is_refused_already(held)
    if request.method == "POST":
        if is_refused and request.form.get("is_counted"):
            return redirect(url_for("check.check", handle=handle), 303)
        send_and_count(held, get_now())
        return redirect(url_for("result.result", handle=handle), 303)

    parts = (*attempt.sent_parts, *attempt.open_parts)
    words = page_words(pack)
    chapters = _list_chapters(held, words)
    extras = [part for part in pack.optional_parts if part.id not in parts]
    is_enough = True
    if pack.rule.poles is not None:
        is_enough = has_suggestion(pack, attempt.answers, parts)
    return render_template(
        "quiz/check.html",
        held=held,
        now=to_ms(get_now()),
        words=words,
        unanswered=[row for _, rows in chapters for row in rows if row.is_unanswered],
        groups=[group for part, rows in chapters for group in _group_rows(part, rows)],
        is_refused=is_refused,
        is_enough=is_enough,
        extras=extras,
        declined=attempt.declined_parts,
    )


@blueprint.post(f"{_ATTEMPT}/reopen")
def reopen(handle: str) -> Response:
    """Open all sent parts again, and stop all shares of the attempt.

    The respondent can then answer the items that were left out. If the sent answers give a
    suggestion, or if the pack has no poles, change nothing.
    """
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


def _group_rows(
    part: str | None, rows: list[Row]
) -> list[tuple[str | None, int, int, list[Row]]]:
    """Return groups of at most ROWS_IN_GROUP rows of a chapter.

    A group contains the part of its chapter, the number of its first row, the number of its last
    row, and its rows with an answer. The first item of the chapter has the number 1. The page lists
    the other rows before the groups.
    """
    groups = []
    for start in range(0, len(rows), ROWS_IN_GROUP):
        group = rows[start : start + ROWS_IN_GROUP]
        answered = [row for row in group if not row.is_unanswered]
        if answered:
            groups.append((part, start + 1, start + len(group), answered))
    return groups


def _list_chapters(
    held: HeldAttempt, words: Words
) -> list[tuple[str | None, list[Row]]]:
    """Return for each chapter of the open parts its part, and one row for each of its items."""
    address = _address_of_any(held.handle)
    return [
        (
            chapter.part,
            [_make_row(held, words, asked, address) for asked in chapter.items],
        )
        for chapter in list_chapters(held.pack, held.attempt.open_parts)
    ]


def _address_of_any(handle: str) -> str:
    """Return the address of an item from the check, with `*` in place of the item's id."""
    # Build one address with `*`, and replace `*` by the id of each item. One call of `url_for`
    # instead of 28 calls saves 0.4 ms. The id of an item needs no quoting in an address.
    values: dict[str, Any] = {
        "handle": handle,
        "item_id": "*",
        "from": "check",
    }
    return url_for("answering.item", _anchor="statement", **values)


def _make_row(held: HeldAttempt, words: Words, asked: Item, address: str) -> Row:
    answers = held.attempt.answers
    answer = answers.get(asked.id)
    label = None
    if answer is not None:
        label = words["item_labels"][asked.id][answer]
    return Row(
        id=asked.id,
        text=words["items"][asked.id],
        answer=label,
        is_seen=asked.id in answers,
        is_not_applying=asked.id in held.attempt.not_applying,
        address=address.replace("*", asked.id),
    )
