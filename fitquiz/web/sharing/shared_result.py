"""A result as others see it: the same for the preview, for a counsellor and for whoever has a link."""

from dataclasses import dataclass
from datetime import datetime

from flask import render_template, session

from fitquiz.core.packs import STANDARD, Item, Pack, Words
from fitquiz.core.result.whole_result import Result, work_out_result
from fitquiz.store.attempts.attempts import Attempt, find_shared_attempt
from fitquiz.store.attempts.shares import Share, Terms, note_opened
from fitquiz.web.security.rate_limits import take_opening
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.languages import get_language

MOST_OPENED = 60
_OPENED = "opened"


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown of an attempt: its result by the shared parts, the chosen name, and the single answers or none."""

    name: str
    pack: Pack
    words: Words
    result: Result
    finished_at: datetime
    answers: tuple[tuple[Item, int | None], ...]


def show_result(attempt: Attempt, pack: Pack, terms: Terms | Share) -> Shown | None:
    """Return what is shown of an attempt; None while its answers are taken back to be changed."""
    parts = tuple(part for part in terms.parts if part in attempt.sent_parts)
    if STANDARD not in parts or attempt.finished_at is None:
        return None
    asked = pack.items_of(parts) if terms.has_answers else ()
    return Shown(
        name=terms.name,
        pack=pack,
        words=pack.words_in(get_language()),
        result=work_out_result(pack, attempt.answers, parts, {}, get_language()),
        finished_at=attempt.finished_at,
        answers=tuple((item, attempt.answers.get(item.id)) for item in asked),
    )


def load_shown(share: Share, now: datetime) -> Shown | tuple[str, int]:
    """Return what a share shows, or the page that says that it shows nothing (any more)."""
    attempt = (
        find_shared_attempt(get_session(), share.attempt_id or 0) if share.is_live(now) else None
    )
    if attempt is None:
        return render_template("sharing/public_share/gone.html", code=410), 410
    shown = show_result(attempt, pack_of_attempt(attempt.content_hash), share)
    return shown or (render_template("sharing/public_share/changing.html", code=409), 409)


def is_opened(share: Share) -> bool:
    """Whether this browser has pressed the button to open a share."""
    return str(share.id) in session.get(_OPENED, ())


def open_share(share: Share, now: datetime) -> None:
    """Count an opening, once in a browser's session; the second click of a double one has an older session."""
    if is_opened(share):
        return
    with writing() as store:
        is_counted = take_opening(store, share.id, session["csrf_token"], now)
        is_open = note_opened(store, share, now) if is_counted else True
    if is_open:
        _remember_opened(share)


def _remember_opened(share: Share) -> None:
    """Let this browser look at a share again without pressing the button. It opens nothing by itself."""
    others = [each for each in session.get(_OPENED, ()) if each != str(share.id)]
    session[_OPENED] = [str(share.id), *others][:MOST_OPENED]
