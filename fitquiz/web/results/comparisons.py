"""The page that compares two results of the respondent and marks the clear differences."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.result.comparisons import compare_results
from fitquiz.core.result.whole_result import Result, work_out_result
from fitquiz.web.device.held_attempts import (
    HeldAttempt,
    list_attempts_beside,
    load_held_attempt,
)
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.page_language import get_language

blueprint = Blueprint("comparisons", __name__)


@blueprint.get("/attempts/<handle>/compare")
def compare(handle: str) -> str | Response:
    """Show two results of this device side by side, the earlier result first.

    The query parameter `with` is the handle of the other attempt. If the parameter names no other
    result of the same pack, choose the newest open attempt. If no attempt is open, choose the
    newest attempt.
    """
    held = load_held_attempt(handle)
    if not held.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)

    others = _list_others(held)
    other = _choose(others, request.args.get("with")) or held
    before, after = sorted((held, other), key=_date)
    comparison = compare_results(_work_out(before), _work_out(after))
    return render_template(
        "results/comparisons/compare.html",
        held=held,
        pack=held.pack,
        words=page_words(held.pack),
        others=others,
        before=before,
        after=after,
        comparison=comparison,
    )


def _list_others(held: HeldAttempt) -> list[HeldAttempt]:
    """Return the other attempts at the same pack that have a result."""
    return [
        other
        for other in list_attempts_beside(held)
        if other.pack.id == held.pack.id
        and other.handle != held.handle
        and other.attempt.sent_parts
    ]


def _choose(others: list[HeldAttempt], handle: str | None) -> HeldAttempt | None:
    """Return the attempt of `others` with this handle.

    If no attempt has this handle, return the first attempt of `others`. Return None if `others` is
    empty.
    """
    for other in others:
        if other.handle == handle:
            return other
    return others[0] if others else None


def _date(held: HeldAttempt) -> datetime:
    return held.attempt.finished_at or held.attempt.started_at


def _work_out(held: HeldAttempt) -> Result:
    attempt = held.attempt
    return work_out_result(
        held.pack,
        attempt.answers,
        attempt.sent_parts,
        {},
        get_language(),
    )
