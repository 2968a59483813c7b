"""Pages where the respondent shares a result, sees a preview and stops shares."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.days import end_of_day
from fitquiz.core.secrets.tokens import derive_share_token, hash_token
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.counsellor_links import (
    list_counsellors,
    list_owners,
)
from fitquiz.store.attempts.job_ratings import list_job_ratings
from fitquiz.store.attempts.share_confirmations import confirm_share
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
)
from fitquiz.store.attempts.stopping_shares import stop_share
from fitquiz.web.device.held_attempts import (
    HeldAttempt,
    list_attempts_beside,
    load_held_attempt,
)
from fitquiz.web.sharing.own_counsellor import find_own_counsellor
from fitquiz.web.sharing.share_form import BY_LINK, CHANGE, PREVIEW, SHARE, ShareForm
from fitquiz.web.sharing.shared_result import make_shared_result
from fitquiz.web.site.clock import get_now, get_today, get_zone
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("manage_shares", __name__)
_ATTEMPT = "/attempts/<handle>"
SharesByCounsellor = dict[int, Share]
"""Maps the account id of each counsellor to the newest share with the counsellor."""


@blueprint.route(f"{_ATTEMPT}/share", methods=["GET", "POST"])
def share(handle: str) -> str | Response | tuple[str, int]:
    """Show the live shares of the result and the form for another share.

    On POST, first show a preview. Store the share when the respondent confirms the preview.
    """
    held = load_held_attempt(handle)
    if not held.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)

    all_held = list_attempts_beside(held)
    known = _list_known_shares(all_held)
    form = ShareForm(_list_counsellors(all_held), find_own_counsellor(held))
    if not form.validate_on_submit() or form.step.data not in (PREVIEW, SHARE):
        return _show_form(held, form, known)

    earlier = None
    if form.counsellor:
        earlier = known.get(form.counsellor.id)
    # If another tab has changed the answers since the preview, show a preview of the changed
    # answers.
    is_previewed = form.seen.data == _fingerprint_answers(held)
    if form.step.data == SHARE and is_previewed:
        return _share(held, form, earlier)
    return _show_preview(held, form, earlier)


@blueprint.post(f"{_ATTEMPT}/shares/<int:share_id>/confirm")
def confirm(handle: str, share_id: int) -> Response:
    """Open a share again that a reset of the counsellor's account has closed."""
    held = load_held_attempt(handle)
    is_confirmed = False
    if share_id < 2**ID_BITS:
        with writing() as session:
            is_confirmed = confirm_share(session, held.attempt.id, share_id, get_now())
    done = "confirmed" if is_confirmed else None
    return redirect(url_for("manage_shares.share", handle=handle, done=done), 303)


@blueprint.post(f"{_ATTEMPT}/shares/<int:share_id>/stop")
def stop(handle: str, share_id: int) -> Response:
    """Stop a share at once. If the attempt has no share with this id, only redirect."""
    held = load_held_attempt(handle)
    if share_id < 2**ID_BITS:
        with writing() as session:
            stop_share(session, held.attempt.id, share_id)
    address = url_for("manage_shares.share", handle=handle, done="stopped")
    return redirect(address, 303)


def _show_form(
    held: HeldAttempt, form: ShareForm, known: SharesByCounsellor
) -> tuple[str, int]:
    live = list_shares_of(get_session(), [held.attempt.id], get_now())
    owners = {each.owner_id for each in live if each.owner_id is not None}
    counsellors = list_counsellors(get_session(), owners)
    rows = []
    for each in live:
        counsellor = counsellors.get(each.owner_id or 0)
        name = counsellor.name if counsellor else ""
        is_closed = _is_closed(each, counsellor)
        rows.append((each, name, _address_of(held, each), is_closed))

    page = render_template(
        "sharing/manage_shares/share.html",
        held=held,
        pack=held.pack,
        form=form,
        shares=rows,
        by_link=BY_LINK,
        step=PREVIEW,
        earlier=any(each.id in known for each in form.counsellors.values()),
        has_job_ratings=bool(list_job_ratings(get_session(), held.attempt)),
    )
    has_errors = form.errors or form.form_errors
    return page, 400 if has_errors else 200


def _is_closed(share: Share, counsellor: Staff | None) -> bool:
    """Return whether the counsellor's account was reset after the share."""
    if counsellor is None:
        return False
    reset_at = counsellor.reset_at
    if reset_at is None:
        return False
    return reset_at >= share.shared_at


def _show_preview(held: HeldAttempt, form: ShareForm, earlier: Share | None) -> str:
    terms = _make_terms(held, form, earlier)
    form.seen.data = _fingerprint_answers(held)
    return render_template(
        "sharing/manage_shares/preview.html",
        held=held,
        form=form,
        shown=make_shared_result(held.attempt, held.pack, terms),
        counsellor=form.counsellor,
        until=terms.expires_at,
        is_together=earlier is not None and form.together.data,
        steps=(SHARE, CHANGE),
    )


def _share(
    held: HeldAttempt,
    form: ShareForm,
    earlier: Share | None,
) -> str | Response | tuple[str, int]:
    """Store the share and redirect to the list of shares.

    If the attempt has too many live shares, show the form with an error. If this form has already
    made a share, and this share has ended, show the preview again. Abort with 410 if the attempt is
    deleted.
    """
    share_seed = form.token_seed
    share_token = derive_share_token(held.token, share_seed)
    terms = _make_terms(held, form, earlier)
    with writing() as session:
        outcome = add_share(
            session,
            secrets.randbits(ID_BITS),
            held.attempt.id,
            share_seed,
            hash_token(share_token),
            terms,
            get_now(),
        )

    if outcome == GONE:
        abort(410)  # Another tab has deleted the attempt.
    if outcome == FULL:
        form.form_errors.append("too-many-shares")
        known = _list_known_shares(list_attempts_beside(held))
        return _show_form(held, form, known)
    if outcome == STOPPED:
        form.renew_seed()
        return _show_preview(held, form, earlier)

    # The outcome is ADDED or CHANGED. CHANGED means that another tab has changed the sent parts.
    # After CHANGED, no share is stored. The next page lists only stored shares.
    done = "shared" if outcome == ADDED else None
    address = url_for("manage_shares.share", handle=held.handle, done=done)
    return redirect(address, 303)


def _make_terms(held: HeldAttempt, form: ShareForm, earlier: Share | None) -> Terms:
    owner_id = None
    if form.counsellor:
        owner_id = form.counsellor.id
    # If two shares have an equal `client`, the counsellor sees that one person shared both results.
    client = secrets.token_bytes(16)
    if earlier is not None and form.together.data:
        client = earlier.client
    return Terms(
        owner_id=owner_id,
        client=client,
        parts=held.attempt.sent_parts,
        expires_at=_end_of_last_day(int(form.days.data)),
        **form.read(),
    )


def _end_of_last_day(days: int) -> datetime:
    """Return the last moment, in UTC, of the day that is `days` days after today."""
    last_day = get_today() + timedelta(days)
    return end_of_day(last_day, get_zone())


def _fingerprint_answers(held: HeldAttempt) -> str:
    """Return a SHA-256 hash, in hexadecimal, of the sent parts and all answers of the attempt."""
    answers = sorted(held.attempt.answers.items())
    not_applying = sorted(held.attempt.not_applying)
    text = repr((held.attempt.sent_parts, answers, not_applying))
    return hashlib.sha256(text.encode()).hexdigest()


def _list_counsellors(all_held: list[HeldAttempt]) -> list[Staff]:
    """Return the counsellors who own the links with which the attempts of this device began.

    The list contains each counsellor once. Leave out accounts that are disabled or lack the
    permission `counsellor`.
    """
    link_ids = {held.ticket.link_id for held in all_held}
    link_ids.discard(0)  # The ticket of an attempt without a link has the link id 0.
    owners = list_owners(get_session(), link_ids)
    may_counsel = list_counsellors(get_session(), owners)
    return [may_counsel[owner] for owner in owners if owner in may_counsel]


def _list_known_shares(all_held: list[HeldAttempt]) -> SharesByCounsellor:
    """Return, for each counsellor, the newest live share of this device's attempts."""
    attempt_ids = [held.attempt.id for held in all_held]
    newest_first = list_shares_of(get_session(), attempt_ids, get_now())
    known: SharesByCounsellor = {}
    for share in newest_first:
        if share.owner_id is not None:
            known.setdefault(share.owner_id, share)
    return known


def _address_of(held: HeldAttempt, share: Share) -> str:
    """Return the address of the page of a share. A share with a counsellor has no address.

    In this case, return an empty text.
    """
    if share.owner_id is not None:
        return ""
    share_token = derive_share_token(held.token, share.seed)
    return url_for("public_share.shared", token=share_token, _external=True)
