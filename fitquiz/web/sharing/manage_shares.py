"""Sharing by the respondent: for whom, a preview of exactly what they will see, and the button that stops it."""

import hashlib
import secrets
from datetime import UTC, datetime, time, timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import derive_share_token, hash_token
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.counsellor_links import (
    find_counsellor_of_link,
    list_counsellors,
    list_owners,
)
from fitquiz.store.attempts.shares import (
    ADDED,
    FULL,
    GONE,
    ID_BITS,
    STOPPED,
    Share,
    Terms,
    add_share,
    list_shares_of,
    stop_share,
)
from fitquiz.web.quiz.device import HeldAttempt, list_held_attempts, load_held_attempt
from fitquiz.web.sharing.share_form import BY_LINK, CHANGE, PREVIEW, SHARE, ShareForm
from fitquiz.web.sharing.shared_result import show_result
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.db import get_session, writing

blueprint = Blueprint("manage_shares", __name__)
_ATTEMPT = "/attempts/<handle>"
Earlier = dict[int, Share]
"""The newest share with each counsellor, by the counsellor's id."""


@blueprint.route(f"{_ATTEMPT}/share", methods=["GET", "POST"])
def share(handle: str) -> str | Response | tuple[str, int]:
    """Show who sees the result; share it with one more, after a preview."""
    visit = load_held_attempt(handle)
    if not visit.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)
    held = list_held_attempts()
    known, form = (
        _list_earlier(held),
        ShareForm(_list_counsellors(held), _find_own_counsellor(visit)),
    )
    if not form.validate_on_submit() or form.step.data not in (PREVIEW, SHARE):
        return _show_form(visit, form, known)
    earlier = known.get(form.counsellor.id) if form.counsellor else None
    if form.step.data == PREVIEW or form.seen.data != _fingerprint(visit):
        return _show_preview(visit, form, earlier)
    return _share(visit, form, earlier)


@blueprint.post(f"{_ATTEMPT}/shares/<int:share_id>/stop")
def stop(handle: str, share_id: int) -> Response:
    """Stop a share; it shows nothing from the next request on. What is not there has been stopped already."""
    visit = load_held_attempt(handle)
    with writing() as session:
        stop_share(session, visit.attempt.id, share_id % 2**ID_BITS)
    return redirect(url_for("manage_shares.share", handle=handle, _anchor="shared"), 303)


def _show_form(visit: HeldAttempt, form: ShareForm, earlier: Earlier) -> tuple[str, int]:
    live = list_shares_of(get_session(), [visit.attempt.id], get_now())
    counsellors = list_counsellors(get_session(), {each.owner_id for each in live if each.owner_id})
    names = {owner: counsellor.name for owner, counsellor in counsellors.items()}
    page = render_template(
        "sharing/manage_shares/share.html",
        visit=visit,
        pack=visit.pack,
        form=form,
        shares=[
            (each, names.get(each.owner_id or 0, ""), _address_of(visit, each)) for each in live
        ],
        by_link=BY_LINK,
        step=PREVIEW,
        earlier=any(each.id in earlier for each in form.counsellors.values()),
    )
    return page, 400 if form.errors or form.form_errors else 200


def _show_preview(visit: HeldAttempt, form: ShareForm, earlier: Share | None) -> str:
    shown = show_result(visit.attempt, visit.pack, _read_terms(visit, form, earlier))
    form.seen.data = _fingerprint(visit)
    return render_template(
        "sharing/manage_shares/preview.html",
        visit=visit,
        form=form,
        shown=shown,
        counsellor=form.counsellor,
        until=_end_of_days(form.days.data),
        is_together=earlier is not None and form.together.data,
        steps=(SHARE, CHANGE),
    )


def _share(
    visit: HeldAttempt, form: ShareForm, earlier: Share | None
) -> str | Response | tuple[str, int]:
    now, seed, terms = get_now(), form.share_seed, _read_terms(visit, form, earlier)
    token_hash = hash_token(derive_share_token(visit.token, seed))
    with writing() as session:
        outcome = add_share(
            session, secrets.randbits(ID_BITS), visit.attempt.id, seed, token_hash, terms, now
        )
    if outcome == GONE:
        abort(410)  # Another tab has deleted the attempt in between.
    if outcome == FULL:
        form.form_errors.append("too-many-shares")
        return _show_form(visit, form, _list_earlier(list_held_attempts()))
    if outcome == STOPPED:
        form.renew_seed()
        return _show_preview(visit, form, earlier)
    # Where another tab has changed the attempt in between, the page says how it stands.
    return redirect(
        url_for(
            "manage_shares.share",
            handle=visit.handle,
            _anchor="shared" if outcome == ADDED else None,
        ),
        303,
    )


def _fingerprint(visit: HeldAttempt) -> str:
    """What a preview was of: the parts and their answers."""
    seen = repr((visit.attempt.sent_parts, sorted(visit.attempt.answers.items())))
    return hashlib.sha256(seen.encode()).hexdigest()


def _end_of_days(days: str) -> datetime:
    """The end of the last of so many days, which are told by date alone."""
    return datetime.combine(get_today() + timedelta(int(days)), time.max, UTC)


def _read_terms(visit: HeldAttempt, form: ShareForm, earlier: Share | None) -> Terms:
    is_together = earlier is not None and form.together.data
    return Terms(
        owner_id=form.counsellor.id if form.counsellor else None,
        client=earlier.client if earlier and is_together else secrets.token_bytes(16),
        name=form.name.data or "",
        has_answers=form.has_answers.data,
        parts=visit.attempt.sent_parts,
        expires_at=_end_of_days(form.days.data),
    )


def _find_own_counsellor(visit: HeldAttempt) -> Staff | None:
    """The counsellor by whose link this very attempt came."""
    link_id = visit.ticket.link_id
    return find_counsellor_of_link(get_session(), link_id) if link_id else None


def _list_counsellors(held: list[HeldAttempt]) -> list[Staff]:
    """The counsellors by whose links the attempts on this device came, each once."""
    links = {visit.ticket.link_id for visit in held if visit.ticket.link_id}
    owners = list_owners(get_session(), links)
    counsellors = list_counsellors(get_session(), owners)
    return [counsellors[owner] for owner in owners if owner in counsellors]


def _list_earlier(held: list[HeldAttempt]) -> Earlier:
    """What this device shares already, by the counsellor that it is shared with: the newest."""
    newest_first = list_shares_of(get_session(), [visit.attempt.id for visit in held], get_now())
    return {each.owner_id: each for each in reversed(newest_first) if each.owner_id}


def _address_of(visit: HeldAttempt, share: Share) -> str:
    """Where a link of one's own leads; a counsellor's share has no address."""
    if share.owner_id is not None:
        return ""
    return url_for(
        "public_share.shared", token=derive_share_token(visit.token, share.seed), _external=True
    )
