"""A counsellor's desk: who shares a result at this moment, one client's results over time, and how to talk about them.

Only what is shared is listed or counted, so that nobody can tell from the desk that there is something else.
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
from fitquiz.web.counsellors.client_forms import CompareForm
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.sharing.shared_result import is_opened, load_shown, open_share
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session
from fitquiz.web.site.forms import ButtonForm
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.paging import lead_back, read_page

blueprint = Blueprint("clients", __name__)
_BASE = "/clients"
_CLIENT = f"{_BASE}/<int:share_id>"


@blueprint.get(_BASE)
def clients() -> str:
    """List who shares, the newest first and a page at a time, each with all that the same person shares."""
    page = read_page()
    found = lead_back(_group(list_own_shares(get_session(), get_staff().id, get_now(), page)))
    onward = page + 1 if len(found) > PAGE else None
    return render_template("counsellors/clients/clients.html", clients=found[:PAGE], onward=onward)


@blueprint.route(_CLIENT, methods=["GET", "POST"])
def client(share_id: int) -> str | Response | tuple[str, int]:
    """Show a shared result with what to talk about; the first time there is only a button, which counts the opening."""
    share, now, form = _load(share_id), get_now(), ButtonForm()
    shown = load_shown(share, now)
    if isinstance(shown, tuple):
        return shown
    if form.validate_on_submit():
        open_share(share, now)
        return redirect(url_for("clients.client", share_id=share_id), 303)
    if not is_opened(share):
        return render_template("counsellors/clients/closed.html", share=share)
    others, comparing = _list_others(share), CompareForm(formdata=None)
    return render_template(
        "counsellors/clients/client.html",
        share=share,
        shown=shown,
        others=others,
        comparing=comparing,
    )


@blueprint.post(f"{_CLIENT}/compare")
def choose(share_id: int) -> Response:
    """Open another shared result, if it is not open yet, and set it beside this one; that page says if it is gone."""
    share, form, now = _load(share_id), CompareForm(), get_now()
    if not form.validate_on_submit():
        abort(404)
    other = _load(form.other.data or 0)
    if share.is_live(now) and other.is_live(now) and _pack_id(share) == _pack_id(other):
        open_share(other, now)
    return redirect(url_for("clients.compare", share_id=share_id, other_id=other.id), 303)


@blueprint.get(f"{_CLIENT}/compare/<int:other_id>")
def compare(share_id: int, other_id: int) -> str | Response | tuple[str, int]:
    """Set two shared results side by side, the earlier one first. Each must have been opened by its button."""
    share, other, now = _load(share_id), _load(other_id), get_now()
    first, second = load_shown(share, now), load_shown(other, now)
    if isinstance(first, tuple):
        return first
    if isinstance(second, tuple):
        return second
    if closed := [each for each in (share, other) if not is_opened(each)]:
        return redirect(url_for("clients.client", share_id=closed[0].id), 303)
    before, after = sorted((first, second), key=lambda each: each.finished_at)
    if before.pack.id != after.pack.id or share.id == other.id:
        abort(404)
    return render_template(
        "counsellors/clients/compare.html",
        share=share,
        before=before,
        after=after,
        comparison=compare_results(after.pack.rule, before.result, after.result),
        is_same=share.client == other.client,
        others=[each for each in _list_others(share) if each.id != other.id],
        comparing=CompareForm(formdata=None),
    )


def _load(share_id: int) -> Share:
    """Return what is or was shared with whoever is signed in, or answer that there is nothing."""
    found = (
        find_own_share(get_session(), get_staff().id, share_id) if share_id < 2**ID_BITS else None
    )
    return found or abort(404)


def _list_others(share: Share) -> list[Share]:
    """What else is shared with the counsellor, of the same questionnaire: the same person's first."""
    shared = list_shared_hashes(get_session(), share.owner_id)
    same = [each for each in shared if pack_of_attempt(each).id == _pack_id(share)]
    return list_comparable_shares(get_session(), share, same, get_now())


def _pack_id(share: Share) -> str:
    return pack_of_attempt(share.content_hash).id if share.content_hash else ""


def _group(shares: Sequence[Share]) -> list[list[Share]]:
    """The shares of each person together, in the order in which the newest of each came."""
    persons: dict[bytes, list[Share]] = {}
    for share in shares:
        persons.setdefault(share.client, []).append(share)
    return list(persons.values())
