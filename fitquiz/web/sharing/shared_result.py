"""A result as other people see it. The respondent's preview shows the result in the same way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import redirect, render_template, session
from werkzeug.wrappers import Response

from fitquiz.core.packs import STANDARD, Item, Pack, Words
from fitquiz.core.result.job_gaps import ComparedJob, compare_offers
from fitquiz.core.result.whole_result import Result, work_out_result
from fitquiz.store.attempts.attempts import Attempt, find_shared_attempt
from fitquiz.store.attempts.job_ratings import list_job_ratings
from fitquiz.store.attempts.shares import Share, Terms, note_opened
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.limits.rate_limits import take_opening
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.page_language import get_language

MAX_OPENED = 60
"""A browser's session stores at most this number of share ids, because cookies are small."""
_OPENED = "opened"


@dataclass(frozen=True, slots=True)
class SharedResult:
    """A result as other people see it.

    `answers` is empty if the respondent does not share the answers. `not_applying` contains the ids of
    the items that do not apply to the respondent. `offers` contains the rated jobs, if the respondent
    shares them.
    """

    name: str
    pack: Pack
    words: Words
    result: Result
    finished_at: datetime
    answers: tuple[tuple[Item, int | None], ...]
    not_applying: frozenset[str]
    offers: Sequence[ComparedJob]


def make_shared_result(
    attempt: Attempt, pack: Pack, terms: Terms
) -> SharedResult | None:
    """Return the result of an attempt as other people see it under these terms.

    Return None if the share does not contain the standard form. Also return None while the
    standard form is open again, because the respondent then changes answers that were sent.
    """
    parts = tuple(part for part in terms.parts if part in attempt.sent_parts)
    if STANDARD not in parts or attempt.finished_at is None:
        return None

    items: tuple[Item, ...] = ()
    if terms.has_answers:
        items = pack.items_of(parts)
    language = get_language()
    result = work_out_result(pack, attempt.answers, parts, {}, language)
    offers: list[ComparedJob] = []
    if terms.has_jobs:
        job_ratings = list_job_ratings(get_session(), attempt)
        offers = compare_offers(pack, result.scores, job_ratings)
    return SharedResult(
        name=terms.name,
        pack=pack,
        words=page_words(pack),
        result=result,
        finished_at=attempt.finished_at,
        answers=tuple((item, attempt.answers.get(item.id)) for item in items),
        not_applying=attempt.not_applying,
        offers=offers,
    )


def load_shared_result(share: Share, now: datetime) -> SharedResult | tuple[str, int]:
    """Return the result of a share, or an error page with its status.

    The status is 410 if the share has ended. The status is 409 if the respondent is changing the
    answers.
    """
    attempt = None
    if share.is_live(now) and share.attempt_id is not None:
        attempt = find_shared_attempt(get_session(), share.attempt_id)
    if attempt is None:
        return render_template("sharing/public_share/gone.html", code=410), 410

    pack = pack_of_attempt(attempt.content_hash)
    shown = make_shared_result(attempt, pack, share)
    if shown is None:
        return render_template("sharing/public_share/changing.html", code=409), 409
    return shown


def ask_before_opening(
    share: Share, address: str, unopened_page: str
) -> SharedResult | str | Response | tuple[str, int]:
    """Return the result of a share, or one of these responses instead:

    - An error page, if the share has ended or the respondent is changing the answers.
    - A redirect to `address`, if the visitor has pressed the button that opens the share.
    - The template `unopened_page` with this button, if the browser's session has not opened the
      share.

    `address` is the address of the share's page.
    """
    now = get_now()
    shown = load_shared_result(share, now)
    if isinstance(shown, tuple):
        return shown

    form = ButtonForm()
    if form.validate_on_submit():
        open_share(share, now)
        return redirect(address, 303)
    if not is_opened(share):
        return render_template(unopened_page, share=share, address=address)
    return shown


def is_opened(share: Share) -> bool:
    """Return whether the share was opened in this browser's session."""
    return str(share.id) in session.get(_OPENED, ())


def open_share(share: Share, now: datetime) -> None:
    """Count the opening of a share, once in each browser session.

    The second click of a double click sends a session cookie without the share's id. In this case,
    the rate limit prevents a second count.
    """
    if is_opened(share):
        return
    is_open = True
    with writing() as store:
        if take_opening(store, share.id, session["csrf_token"], now):
            is_open = note_opened(store, share, now)
    if is_open:
        _remember_opened(share)


def _remember_opened(share: Share) -> None:
    """Store the share's id in the session, so that the next visit shows the result at once.

    The id in the session gives no access. Access needs the share's token or the counsellor's
    sign-in.
    """
    share_id = str(share.id)
    others = [each for each in session.get(_OPENED, ()) if each != share_id]
    session[_OPENED] = [share_id, *others][:MAX_OPENED]
