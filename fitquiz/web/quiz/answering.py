"""Taking the quiz: before you begin, one item a page, the check of all answers, and sending them."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import asked_parts, read_plan
from fitquiz.core.packs import ON_REQUEST, SHARPENING, Item, Pack, Part, Words
from fitquiz.core.result.fit import has_suggestion, suggest_role
from fitquiz.core.result.scoring import score_traits
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.store.attempts.attempts import open_part, record_answer, reopen_parts
from fitquiz.store.attempts.shares import stop_all_shares
from fitquiz.web.quiz.beginning import begin_attempt, show_begin
from fitquiz.web.quiz.device import LastSeen, Visit, load_visit, look_at_item, recall_attempt
from fitquiz.web.quiz.invited import find_invited
from fitquiz.web.quiz.item_pages import address_after, address_of_item, show_item
from fitquiz.web.quiz.quiz_forms import read_answer
from fitquiz.web.quiz.sending import send_and_count
from fitquiz.web.security.token_guesses import note_wrong_token
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.db import autocommit_writing, writing
from fitquiz.web.site.installed_packs import load_installed_pack
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("answering", __name__)
_ATTEMPT = "/attempts/<handle>"
_BACK_HERE: dict[str, Any] = {"from": "check"}
Row = tuple[str, str, str | None, str]
"""An item on the check: its id and text, its answer's label (none if it is left out), and where to change it."""


@blueprint.route("/packs/<pack_id>/begin", methods=["GET", "POST"])
def begin(pack_id: str) -> str | Response:
    """Say what is stored and who sees it; start an attempt that nobody counts."""
    pack = load_installed_pack(pack_id)
    if request.method == "POST":
        return begin_attempt(pack, pack.first_parts, Ticket())
    return show_begin(
        pack,
        url_for("answering.begin", pack_id=pack.id),
        url_for("info.start_pack", pack_id=pack.id),
    )


@blueprint.route("/invitations/<token>/begin", methods=["GET", "POST"])
def begin_counted(token: str) -> str | Response:
    """The same for an attempt that will be counted for the group that its invitation is for."""
    invited = find_invited(token, get_today())
    if invited is None:
        note_wrong_token()
    if invited is None or invited.campaign.state(get_today()) != "open":
        return redirect(
            url_for("invitation_landing.start", token=token), 303
        )  # Which says what the matter is.
    if request.method == "POST":
        parts = asked_parts(read_plan(invited.campaign.statistics), invited.pack)
        return begin_attempt(invited.pack, parts, invited.ticket)
    return show_begin(
        invited.pack,
        url_for("answering.begin_counted", token=token),
        url_for("invitation_landing.start", token=token),
        invited=invited,
    )


@blueprint.get(f"{_ATTEMPT}/")
def go_on(handle: str) -> Response:
    """Lead to where the respondent was: the first unseen item, the check, or the result."""
    visit = load_visit(handle)
    if not visit.attempt.is_open:
        return redirect(url_for("result.result", handle=handle), 303)
    return _lead_onward(visit)


@blueprint.route(f"{_ATTEMPT}/items/<item_id>", methods=["GET", "POST"])
def item(handle: str, item_id: str) -> str | Response:
    """Show one item; take its answer."""
    if request.method == "POST":
        return _take_answer(handle, item_id)
    seen, answers = look_at_item(handle, item_id)
    items = seen.pack.items_of(seen.open_parts)
    at = _find_place(items, item_id)
    return _lead_to_end(seen, item_id) if at is None else show_item(seen, items, at, answers)


@blueprint.route(f"{_ATTEMPT}/check", methods=["GET", "POST"])
def check(handle: str) -> str | Response:
    """Show all answers before they are sent; send them."""
    visit = load_visit(handle)
    attempt, pack = visit.attempt, visit.pack
    if not attempt.is_open:
        return redirect(url_for("result.result", handle=handle), 303)
    if request.method == "POST":
        send_and_count(visit, get_now())
        return redirect(url_for("result.result", handle=handle), 303)
    parts, words = (*attempt.sent_parts, *attempt.open_parts), pack.words_in(get_language())
    return render_template(
        "quiz/answering/check.html",
        visit=visit,
        words=words,
        groups=_group(_list_rows(visit, words)),
        is_enough=pack.rule.poles is None or has_suggestion(pack, attempt.answers, parts),
        extras=[part for part in _modules_on_request(pack) if part.id not in parts],
    )


@blueprint.post(f"{_ATTEMPT}/parts/<part_id>")
def open_more(handle: str, part_id: str) -> Response:
    """Open a module that is asked on request, or the sharpening items, and lead to its first item."""
    visit = load_visit(handle)
    offered = (*_modules_on_request(visit.pack), *_to_sharpen(visit))
    part = next((part for part in offered if part.id == part_id), None) or abort(404)
    with writing() as session:
        open_part(session, visit.attempt, part.id)
    return redirect(address_of_item(handle, part.items[0]), 303)


@blueprint.post(f"{_ATTEMPT}/reopen")
def reopen(handle: str) -> Response:
    """Take sent answers back, to give those that were left out; what they were shared as is shared no longer."""
    visit = load_visit(handle)
    attempt, pack = visit.attempt, visit.pack
    if pack.rule.poles and not has_suggestion(pack, attempt.answers, attempt.sent_parts):
        with writing() as session:
            if reopen_parts(session, attempt):
                stop_all_shares(session, attempt.id)
    return redirect(url_for("answering.go_on", handle=handle), 303)


def _take_answer(handle: str, item_id: str) -> Response:
    """Store it as the attempt was last seen to stand; if it has changed meanwhile, as it stands now."""
    if (last := recall_attempt(handle)) and (onward := _record(last, item_id)):
        return redirect(onward, 303)
    now, _ = look_at_item(handle, item_id)
    if onward := _record(now, item_id):
        return redirect(onward, 303)
    now, _ = look_at_item(
        handle, item_id
    )  # It may have been deleted at this very moment, and is not held then.
    return _lead_to_end(now, item_id)


def _record(seen: LastSeen, item_id: str) -> str | None:
    """Return where a stored answer leads; None if the attempt takes none to this item."""
    items = seen.pack.items_of(seen.open_parts)
    at = _find_place(items, item_id)
    if at is None:
        return None
    value = read_answer(seen.pack.answer_points)
    with autocommit_writing() as connection:
        is_stored = record_answer(connection, seen, item_id, value, get_now())
    return address_after(seen.handle, items, at) if is_stored else None


def _find_place(items: tuple[Item, ...], item_id: str) -> int | None:
    return next((index for index, item in enumerate(items) if item.id == item_id), None)


def _lead_onward(visit: Visit) -> Response:
    unseen = [
        item
        for item in visit.pack.items_of(visit.attempt.open_parts)
        if item.id not in visit.attempt.answers
    ]
    if unseen:
        return redirect(address_of_item(visit.handle, unseen[0]), 303)
    return redirect(url_for("answering.check", handle=visit.handle), 303)


def _lead_to_end(seen: LastSeen, item_id: str) -> Response:
    """An item that takes no answer now: a real one leads to where the attempt stands, any other is unknown."""
    if item_id not in seen.pack.items:
        abort(404)
    return redirect(url_for("answering.go_on", handle=seen.handle), 303)


def _modules_on_request(pack: Pack) -> list[Part]:
    return [pack.parts[module.id] for module in pack.modules if module.asked == ON_REQUEST]


def _to_sharpen(visit: Visit) -> list[Part]:
    """The sharpening items, where the answers sent leave it undecided; and later, for whoever asks for them twice."""
    pack, attempt = visit.pack, visit.attempt
    outcome = suggest_role(pack, score_traits(pack, attempt.answers, attempt.sent_parts))
    undecided = outcome is not None and not outcome.is_decided
    opened = SHARPENING in (*attempt.open_parts, *attempt.sent_parts)
    return [pack.parts[SHARPENING]] if SHARPENING in pack.parts and (undecided or opened) else []


def _list_rows(visit: Visit, words: Words) -> list[Row]:
    """What is to be checked. One address is built for all items, whose ids need no quoting: 28 took 0.4 ms."""
    address = url_for(
        "answering.item", handle=visit.handle, item_id="*", _anchor="answers", **_BACK_HERE
    )
    labels: dict[int | None, str | None] = {
        None: None,
        **dict(enumerate(words["answers"]["labels"])),
    }
    answers, texts = visit.attempt.answers, words["items"]
    ids = [item.id for item in visit.pack.items_of(visit.attempt.open_parts)]
    return [
        (each, texts[each], labels[answers.get(each)], address.replace("*", each)) for each in ids
    ]


def _group(rows: list[Row], size: int = 6) -> list[list[Row]]:
    return [rows[start : start + size] for start in range(0, len(rows), size)]
