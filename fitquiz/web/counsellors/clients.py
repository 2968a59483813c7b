"""The pages about a counsellor's clients: the list, a shared result, and a comparison.

The pages list and count only shared results. The counsellor cannot see whether a client has other
results.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.result.comparisons import compare_results
from fitquiz.store.attempts.shares import (
    ID_BITS,
    Share,
    find_own_share,
    list_comparable_shares,
    list_own_shares,
    list_shared_hashes,
)
from fitquiz.store.engine.paging import PAGE
from fitquiz.web.counsellors.counsellor_forms import CompareForm
from fitquiz.web.counsellors.talk_starters import (
    choose_printed_starters,
    list_change_starters,
)
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.sharing.share_form import DAYS
from fitquiz.web.sharing.shared_result import (
    SharedResult,
    ask_before_opening,
    is_opened,
    load_shared_result,
    open_share,
)
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.paging import lead_back, read_page

blueprint = Blueprint("clients", __name__)
_BASE = "/clients"
_CLIENT = f"{_BASE}/<int:share_id>"
ROOM_TO_WRITE = 10
"""The number of empty lines on the page for the talk."""


@blueprint.get(_BASE)
def clients() -> str:
    """List the clients who share a result, one page at a time.

    The client with the newest share comes first.
    """
    page = read_page()
    shares = list_own_shares(get_session(), get_staff().id, get_now(), page)
    found = lead_back(_group_by_client(shares))
    has_more = len(found) > PAGE
    return render_template(
        "counsellors/clients/clients.html",
        clients=found[:PAGE],
        onward=page + 1 if has_more else None,
        reset_at=_find_recent_reset(),
    )


@blueprint.route(_CLIENT, methods=["GET", "POST"])
def client(share_id: int) -> str | Response | tuple[str, int]:
    """Show a button that opens a shared result. On POST, open the result.

    If the result was opened in this session, show the result and topics for the talk with the
    client.
    """
    share = _load_share(share_id)
    address = url_for("clients.client", share_id=share_id)
    shown = ask_before_opening(share, address, "counsellors/clients/closed.html")
    if not isinstance(shown, SharedResult):
        return shown

    return render_template(
        "counsellors/clients/client.html",
        share=share,
        shown=shown,
        others=_list_others(share),
        comparing=CompareForm(formdata=None),
    )


@blueprint.route(f"{_CLIENT}/talk", methods=["GET", "POST"])
def talk(share_id: int) -> str | Response | tuple[str, int]:
    """Show one page to print for the talk: line, rows, starters, and room to write.

    If the result was not opened in this session, show the button that opens the result.
    """
    share = _load_share(share_id)
    address = url_for("clients.talk", share_id=share_id)
    shown = ask_before_opening(share, address, "counsellors/clients/talk_closed.html")
    if not isinstance(shown, SharedResult):
        return shown
    return render_template(
        "counsellors/clients/talk.html",
        share=share,
        shown=shown,
        starters=choose_printed_starters(shown.pack, shown.words, shown.result),
        lines=ROOM_TO_WRITE,
    )


@blueprint.post(f"{_CLIENT}/compare")
def choose(share_id: int) -> Response:
    """Open the chosen share, and redirect to the page that compares the two results."""
    share = _load_share(share_id)
    form = CompareForm()
    if not form.validate_on_submit():
        abort(404)
    other = _load_share(form.other.data or 0)

    # Open nothing if a share has ended or if the packs differ. If a share has ended, the next page
    # shows that the share has ended.
    now = get_now()
    are_live = share.is_live(now) and other.is_live(now)
    if are_live and _find_pack_id(share) == _find_pack_id(other):
        open_share(other, now)
    address = url_for("clients.compare", share_id=share_id, other_id=other.id)
    return redirect(address, 303)


@blueprint.get(f"{_CLIENT}/compare/<int:other_id>")
def compare(share_id: int, other_id: int) -> str | Response | tuple[str, int]:
    """Compare two shared results of one pack, the earlier result first.

    If a share is not opened in this session, redirect to the page that opens the share. Abort
    with 404 if the packs differ, or if the two ids are equal.
    """
    share = _load_share(share_id)
    other = _load_share(other_id)
    now = get_now()
    first = load_shared_result(share, now)
    if isinstance(first, tuple):
        return first
    second = load_shared_result(other, now)
    if isinstance(second, tuple):
        return second

    for each in (share, other):
        if not is_opened(each):
            return redirect(url_for("clients.client", share_id=each.id), 303)
    if first.pack.id != second.pack.id or share.id == other.id:
        abort(404)

    before, after = sorted((first, second), key=lambda each: each.finished_at)
    comparison = compare_results(before.result, after.result)
    others = _list_others(share)
    return render_template(
        "counsellors/clients/compare.html",
        share=share,
        before=before,
        after=after,
        comparison=comparison,
        change_starters=list_change_starters(
            after.pack, after.words, comparison.traits
        ),
        is_same=share.client == other.client,
        others=[each for each in others if each.id != other.id],
        comparing=CompareForm(formdata=None),
    )


def _find_recent_reset() -> datetime | None:
    """Return when the account was reset, if shares from before the reset can still be live."""
    reset_at = get_staff().reset_at
    longest = timedelta(max(int(days) for days in DAYS))
    if reset_at is None or get_now() - reset_at > longest:
        return None
    return reset_at


def _load_share(share_id: int) -> Share:
    """Return the share with this id. The share may be stopped or expired.

    Abort with 404 if the signed-in counsellor is not the counsellor of the share.
    """
    if share_id >= 2**ID_BITS:
        abort(404)
    share = find_own_share(get_session(), get_staff().id, share_id)
    if share is None:
        abort(404)
    return share


def _list_others(share: Share) -> list[Share]:
    """Return the counsellor's live shares of this share's pack. Leave out this share.

    The shares of this share's client come first.
    """
    pack_id = _find_pack_id(share)
    hashes = list_shared_hashes(get_session(), share.owner_id)
    same = [
        content_hash
        for content_hash in hashes
        if pack_of_attempt(content_hash).id == pack_id
    ]
    return list_comparable_shares(get_session(), share, same, get_now())


def _find_pack_id(share: Share) -> str:
    """Return the id of a share's pack, or an empty text if the share has no attempt.

    A stopped share has no attempt.
    """
    if not share.content_hash:
        return ""
    return pack_of_attempt(share.content_hash).id


def _group_by_client(shares: Sequence[Share]) -> list[list[Share]]:
    """Return one list of shares for each client, in the order of each client's first share."""
    groups: dict[bytes, list[Share]] = {}
    for share in shares:
        groups.setdefault(share.client, []).append(share)
    return list(groups.values())
