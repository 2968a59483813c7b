"""Pages where the respondent rates a present or an advertised job on the traits.

The result page lists the job ratings. `KINDS` in `fitquiz/store/attempts/job_ratings.py` sets their
order.
"""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import OFFERS
from fitquiz.store.attempts.job_ratings import (
    Ratings,
    delete_job_rating,
    list_job_ratings,
    save_job_rating,
)
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.results.job_rating_form import fill_job_rating_form
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import page_words

blueprint = Blueprint("job_ratings", __name__)
_JOB = "/attempts/<handle>/jobs/<any(present,advertised):kind>"


@blueprint.route(_JOB, methods=["GET", "POST"])
def offer(handle: str, kind: str) -> str | Response | tuple[str, int]:
    """Show the form for a job rating. On POST, store the ratings.

    For a trait without a rating, store None. If no trait is rated, store nothing and
    show the form again with status 400.
    """
    held = _load_rateable(handle)
    if not held.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)

    earlier = list_job_ratings(get_session(), held.attempt).get(kind, {})
    form = fill_job_rating_form(held.pack, earlier)
    if form.validate_on_submit():
        ratings = form.ratings
        if any(rating is not None for rating in ratings.values()):
            _save(held, kind, ratings)
            return redirect(_address_of_gaps(handle, kind), 303)
        form.refuse_empty()

    page = render_template(
        "results/job_ratings/job_rating.html",
        held=held,
        pack=held.pack,
        words=page_words(held.pack),
        kind=kind,
        form=form,
        is_known=bool(earlier),
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.post(f"{_JOB}/forget")
def forget(handle: str, kind: str) -> Response:
    """Delete a job rating and redirect to the result."""
    held = _load_rateable(handle)
    with writing() as session:
        delete_job_rating(session, held.attempt, kind)
    address = url_for("result.result", handle=handle, done="unrated")
    return redirect(address, 303)


def _address_of_gaps(handle: str, kind: str) -> str:
    """Return the address of the comparison with the job. The fragment opens and focuses that part."""
    return url_for(
        "result.result",
        handle=handle,
        done=f"rated-{kind}",
        _anchor=f"offers-{kind}",
    )


def _load_rateable(handle: str) -> HeldAttempt:
    """Return the attempt with this handle.

    Abort with 404 if the attempt's pack has no texts for job ratings.
    """
    held = load_held_attempt(handle)
    if OFFERS not in held.pack.extras:
        abort(404)
    return held


def _save(held: HeldAttempt, kind: str, ratings: Ratings) -> None:
    with writing() as session:
        is_saved = save_job_rating(session, held.attempt, kind, ratings, get_now())
    if not is_saved:
        abort(410)  # Another tab has deleted the attempt.
