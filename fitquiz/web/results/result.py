"""The result of an attempt, as a page and as files of one's own."""

from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from fitquiz.core.packs import OFFERS
from fitquiz.core.result.answering_style import measure_seconds
from fitquiz.core.result.comparisons import Difference, compare_offer, find_widest
from fitquiz.core.result.whole_result import Result, work_out_result
from fitquiz.store.attempts.attempts import list_moments
from fitquiz.store.attempts.job_ratings import Ratings, list_job_ratings
from fitquiz.store.attempts.shares import count_shares_of
from fitquiz.web.quiz.device import Visit, load_visit
from fitquiz.web.results.answer_files import write_csv, write_json
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, reading_once
from fitquiz.web.site.installed_packs import offered_pack
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("result", __name__)
Gaps = tuple[Difference, ...]
_ATTEMPT = "/attempts/<handle>"
_WRITERS = {"json": (write_json, "application/json"), "csv": (write_csv, "text/csv")}


@blueprint.get(f"{_ATTEMPT}/result")
def result(handle: str) -> str | AnyResponse:
    """Show the result with its reasons, its doubt and what to do next."""
    visit = load_visit(handle)
    if not visit.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)
    worked_out = _work_out(visit)
    with reading_once() as connection:
        shared_with = count_shares_of(connection, visit.attempt.id, get_now())
        rated = list_job_ratings(connection, visit.attempt) if OFFERS in visit.pack.extras else {}
    return render_template(
        "results/result/result.html",
        visit=visit,
        attempt=visit.attempt,
        pack=visit.pack,
        words=visit.pack.words_in(get_language()),
        result=worked_out,
        own=True,
        shared_with=shared_with,
        offers=_compare_offers(visit, worked_out, rated),
    )


@blueprint.get(f"{_ATTEMPT}/answers")
def answers(handle: str) -> str:
    """Show what each single answer added to the lean; nothing is here without a suggestion."""
    visit = load_visit(handle)
    outcome = _work_out(visit).outcome if visit.attempt.sent_parts else None
    if outcome is None:
        abort(404)
    words = visit.pack.words_in(get_language())
    return render_template(
        "results/result/answers.html", visit=visit, pack=visit.pack, words=words, outcome=outcome
    )


@blueprint.get(f"{_ATTEMPT}/how")
def how(handle: str) -> str:
    """Explain the scoring with the numbers of the very pack that this attempt was taken with."""
    visit = load_visit(handle)
    is_as_installed = offered_pack(visit.pack).content_hash == visit.pack.content_hash
    onward = url_for("info.statements", pack_id=visit.pack.id) if is_as_installed else None
    words = visit.pack.words_in(get_language())
    return render_template("quiz/info/how.html", pack=visit.pack, words=words, onward=onward)


@blueprint.get(f"{_ATTEMPT}/answers.<ending>")
def download(handle: str, ending: str) -> Response:
    """Send the respondent's own answers and scores as a file."""
    visit = load_visit(handle)
    if ending not in _WRITERS:
        abort(404)
    write, mimetype = _WRITERS[ending]
    worked_out = _work_out(visit) if visit.attempt.sent_parts else None
    offers = list_job_ratings(get_session(), visit.attempt)
    response = Response(
        write(visit.pack, visit.attempt, worked_out, offers, get_language()), mimetype=mimetype
    )
    response.headers["Content-Disposition"] = (
        f'attachment; filename="fitquiz-{get_now():%Y-%m-%d}.{ending}"'
    )
    return response


def _compare_offers(
    visit: Visit, worked_out: Result, rated: Mapping[str, Ratings]
) -> list[tuple[str, Gaps, Gaps]]:
    """The kind of each rated job, what is wanted beside what it offers, and the widest gaps."""
    gaps = {
        kind: compare_offer(visit.pack, worked_out.scores, ratings)
        for kind, ratings in rated.items()
    }
    return [(kind, each, find_widest(each)) for kind, each in gaps.items()]


def _work_out(visit: Visit) -> Result:
    attempt = visit.attempt
    with reading_once() as connection:
        seconds = measure_seconds(attempt.started_at, list_moments(connection, attempt))
    return work_out_result(visit.pack, attempt.answers, attempt.sent_parts, seconds, get_language())
