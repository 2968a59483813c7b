"""The respondent's own result, as pages and as files."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fitquiz.core.packs import OFFERS
from fitquiz.core.result.answering_style import measure_seconds
from fitquiz.core.result.job_gaps import compare_offers
from fitquiz.core.result.ranking import rank_traits
from fitquiz.core.result.shown_numbers import round_answers
from fitquiz.core.result.whole_result import Result, work_out_result
from fitquiz.store.attempts.answers import list_moments
from fitquiz.store.attempts.job_ratings import Ratings, list_job_ratings
from fitquiz.store.attempts.shares import count_shares_of
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.counted_group import find_counted_group
from fitquiz.web.results.answer_files import write_csv, write_json
from fitquiz.web.results.highlights import list_wishes, order_aspects
from fitquiz.web.sharing.own_counsellor import find_own_counsellor
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import autocommit_reading, get_session
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import offered_pack
from fitquiz.web.site.page_language import get_language

blueprint = Blueprint("result", __name__)
blueprint.add_app_template_global(list_wishes, "wishes_of")
blueprint.add_app_template_global(order_aspects, "aspects_of")
_ATTEMPT = "/attempts/<handle>"
_WRITERS = {
    "json": (write_json, "application/json"),
    "csv": (write_csv, "text/csv"),
}


@blueprint.get(f"{_ATTEMPT}/result")
def result(handle: str) -> str | AnyResponse:
    """Show the result with its reasons, its uncertainty and the next steps."""
    held = load_held_attempt(handle)
    attempt = held.attempt
    pack = held.pack
    if not attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)

    worked_out = _work_out(held)
    job_ratings: Mapping[str, Ratings] = {}
    with autocommit_reading() as connection:
        share_count = count_shares_of(connection, attempt.id, get_now())
        if OFFERS in pack.extras:
            job_ratings = list_job_ratings(connection, attempt)

    return render_template(
        "results/result/result.html",
        held=held,
        attempt=attempt,
        pack=pack,
        words=page_words(pack),
        result=worked_out,
        own=True,
        shared_with=share_count,
        counsellor=find_own_counsellor(held),
        group=find_counted_group(held),
        offers=compare_offers(pack, worked_out.scores, job_ratings),
    )


@blueprint.get(f"{_ATTEMPT}/answers")
def answers(handle: str) -> str:
    """Show how many points each answer adds to the lean.

    For a pack without poles, show how many points each answer adds to the score of its trait. Abort
    with 404 if nothing was sent. Also abort if the answers to a pack with poles give no suggestion.
    """
    held = load_held_attempt(handle)
    worked_out = _work_out(held)
    if held.pack.rule.poles is None and held.attempt.sent_parts:
        return _show_answers_of_traits(held, worked_out)
    outcome = worked_out.outcome
    shown = worked_out.shown
    if outcome is None or shown is None:
        abort(404)
    return render_template(
        "results/result/answers.html",
        held=held,
        pack=held.pack,
        words=page_words(held.pack),
        outcome=outcome,
        shown=shown,
        added=round_answers(outcome, shown),
    )


@blueprint.get(f"{_ATTEMPT}/how")
def how(handle: str) -> str:
    """Explain the scoring with the numbers of the attempt's pack.

    The pack may have changed after the attempt began, and may now have other numbers.
    """
    pack = load_held_attempt(handle).pack
    onward = None
    is_as_installed = offered_pack(pack).content_hash == pack.content_hash
    if is_as_installed:
        onward = url_for("info.statements", pack_id=pack.id)
    words = page_words(pack)
    return render_template(
        "quiz/info/how.html", pack=pack, words=words, onward=onward, is_own=True
    )


@blueprint.get(f"{_ATTEMPT}/answers.<ending>")
def download(handle: str, ending: str) -> Response:
    """Return the respondent's own answers as a JSON or CSV file."""
    held = load_held_attempt(handle)
    if ending not in _WRITERS:
        abort(404)
    write, mimetype = _WRITERS[ending]

    worked_out = None
    if held.attempt.sent_parts:
        worked_out = _work_out(held)
    job_ratings = list_job_ratings(get_session(), held.attempt)
    text = write(held.pack, held.attempt, worked_out, job_ratings, get_language())

    response = Response(text, mimetype=mimetype)
    filename = f"fitquiz-{get_now():%Y-%m-%d}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    return response


def _show_answers_of_traits(held: HeldAttempt, worked_out: Result) -> str:
    ranking = rank_traits(held.pack, worked_out.scores)
    return render_template(
        "results/result/answers_of_traits.html",
        held=held,
        pack=held.pack,
        words=page_words(held.pack),
        ranking=ranking,
    )


def _work_out(held: HeldAttempt) -> Result:
    attempt = held.attempt
    with autocommit_reading() as connection:
        moments = list_moments(connection, attempt)
    seconds = measure_seconds(attempt.started_at, moments)
    return work_out_result(
        held.pack,
        attempt.answers,
        attempt.sent_parts,
        seconds,
        get_language(),
    )
