"""Wanted against offered: the respondent rates a job on the traits, and sees where it gives less or more."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import OFFERS
from fitquiz.store.attempts.job_ratings import (
    Ratings,
    delete_job_rating,
    list_job_ratings,
    save_job_rating,
)
from fitquiz.web.quiz.device import Visit, load_visit
from fitquiz.web.results.job_rating_form import fill_offer_form
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("job_ratings", __name__)
_OFFER = "/attempts/<handle>/jobs/<any(present,advertised):kind>"


@blueprint.route(_OFFER, methods=["GET", "POST"])
def offer(handle: str, kind: str) -> str | Response | tuple[str, int]:
    """Rate the present job, or an advertised one; what cannot be told is left out."""
    visit = _load_rateable(handle)
    if not visit.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)
    known = list_job_ratings(get_session(), visit.attempt).get(kind, {})
    form = fill_offer_form(visit.pack, known)
    if form.validate_on_submit() and any(rating is not None for rating in form.ratings.values()):
        _save(visit, kind, form.ratings)
        return redirect(url_for("result.result", handle=handle, _anchor=f"offers-{kind}"), 303)
    page = render_template(
        "results/job_ratings/job_rating.html",
        visit=visit,
        pack=visit.pack,
        words=visit.pack.words_in(get_language()),
        kind=kind,
        form=form,
        is_known=bool(known),
    )
    return page, 400 if form.is_submitted() else 200


@blueprint.post(f"{_OFFER}/forget")
def forget(handle: str, kind: str) -> Response:
    """Delete how a job was rated."""
    visit = _load_rateable(handle)
    with writing() as session:
        delete_job_rating(session, visit.attempt, kind)
    return redirect(url_for("result.result", handle=handle), 303)


def _load_rateable(handle: str) -> Visit:
    """Return a visit whose pack can rate a job; one that was kept from before there were the texts cannot."""
    visit = load_visit(handle)
    if OFFERS not in visit.pack.extras:
        abort(404)
    return visit


def _save(visit: Visit, kind: str, ratings: Ratings) -> None:
    with writing() as session:
        is_saved = save_job_rating(session, visit.attempt, kind, ratings, get_now())
    if not is_saved:
        abort(410)  # Another tab has deleted the attempt in between.
