"""A counsellor's clients: who shares a result now, what to talk about, and results compared.

Pages list and count only what is shared. They do not reveal that there are other results.
"""

from collections.abc import Sequence

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
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.sharing.shared_result import is_opened, load_shared_result, open_share
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.forms import ButtonForm
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.paging import lead_back, read_page

blueprint = Blueprint("clients", __name__)
_BASE = "/clients"
_CLIENT = f"{_BASE}/<int:share_id>"


@blueprint.get(_BASE)
def clients() -> str:
    """List the clients who share a result now, one page at a time, the newest first."""
    page = read_page()
    shares = list_own_shares(get_session(), get_staff().id, get_now(), page)
    found = lead_back(_group_by_client(shares))
    has_more = len(found) > PAGE
    return render_template(
        "counsellors/clients/clients.html",
        clients=found[:PAGE],
        onward=page + 1 if has_more else None,
    )


@blueprint.route(_CLIENT, methods=["GET", "POST"])
def client(share_id: int) -> str | Response | tuple[str, int]:
    """Show a shared result and what to talk about. At first, show the button that opens it."""
    share = _load_share(share_id)
    now = get_now()
    shown = load_shared_result(share, now)
    if isinstance(shown, tuple):
        return shown

    form = ButtonForm()
    if form.validate_on_submit():
        open_share(share, now)
        return redirect(url_for("clients.client", share_id=share_id), 303)
    if not is_opened(share):
        return render_template("counsellors/clients/closed.html", share=share)

    return render_template(
        "counsellors/clients/client.html",
        share=share,
        shown=shown,
        others=_list_others(share),
        comparing=CompareForm(formdata=None),
    )


@blueprint.post(f"{_CLIENT}/compare")
def choose(share_id: int) -> Response:
    """Open another shared result, if it is closed, and go to the page that compares the two."""
    share = _load_share(share_id)
    form = CompareForm()
    if not form.validate_on_submit():
        abort(404)
    other = _load_share(form.other.data or 0)

    # If one of them is gone, the page that compares them says so.
    now = get_now()
    are_live = share.is_live(now) and other.is_live(now)
    if are_live and _find_pack_id(share) == _find_pack_id(other):
        open_share(other, now)
    return redirect(
        url_for("clients.compare", share_id=share_id, other_id=other.id), 303
    )


@blueprint.get(f"{_CLIENT}/compare/<int:other_id>")
def compare(share_id: int, other_id: int) -> str | Response | tuple[str, int]:
    """Compare two shared results, the earlier one first. Both must have been opened before."""
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
    others = _list_others(share)
    return render_template(
        "counsellors/clients/compare.html",
        share=share,
        before=before,
        after=after,
        comparison=compare_results(after.pack.rule, before.result, after.result),
        is_same=share.client == other.client,
        others=[each for each in others if each.id != other.id],
        comparing=CompareForm(formdata=None),
    )


def _load_share(share_id: int) -> Share:
    """Return a share with the signed-in counsellor, live or not, or abort with 404."""
    if share_id >= 2**ID_BITS:
        abort(404)
    share = find_own_share(get_session(), get_staff().id, share_id)
    if share is None:
        abort(404)
    return share


def _list_others(share: Share) -> list[Share]:
    """Return the counsellor's other live shares of the same pack, the same client's first."""
    pack_id = _find_pack_id(share)
    hashes = list_shared_hashes(get_session(), share.owner_id)
    same = [
        content_hash
        for content_hash in hashes
        if pack_of_attempt(content_hash).id == pack_id
    ]
    return list_comparable_shares(get_session(), share, same, get_now())


def _find_pack_id(share: Share) -> str:
    """Return the id of a share's pack, or an empty text if the share has ended."""
    if not share.content_hash:
        return ""
    return pack_of_attempt(share.content_hash).id


def _group_by_client(shares: Sequence[Share]) -> list[list[Share]]:
    """Return the shares of each client together. Clients keep the order of their first share."""
    groups: dict[bytes, list[Share]] = {}
    for share in shares:
        groups.setdefault(share.client, []).append(share)
    return list(groups.values())
