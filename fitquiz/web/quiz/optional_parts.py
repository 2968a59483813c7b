"""Opens or declines an optional part of an attempt: an optional module or the sharpening items."""

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from fitquiz.core.packs import SHARPENING
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import score_traits
from fitquiz.store.attempts.attempts import decline_part, open_part
from fitquiz.web.device.held_attempts import HeldAttempt, load_held_attempt
from fitquiz.web.quiz.item_pages import address_of_item
from fitquiz.web.site.database_session import writing

blueprint = Blueprint("optional_parts", __name__)


@blueprint.post("/attempts/<handle>/parts/<part_id>")
def open_more(handle: str, part_id: str) -> Response:
    """Open an optional module or the sharpening items, and redirect to the first item of the part.

    Abort with 404 if the respondent may not open the part.
    """
    held = load_held_attempt(handle)
    offered = list(held.pack.optional_parts)
    if _offers_sharpening(held):
        offered.append(held.pack.parts[SHARPENING])
    if part_id not in [part.id for part in offered]:
        abort(404)

    with writing() as session:
        open_part(session, held.attempt, part_id)
    first_item = held.pack.parts[part_id].items[0]
    return redirect(address_of_item(handle, first_item), 303)


@blueprint.post("/attempts/<handle>/parts/<part_id>/decline")
def decline(handle: str, part_id: str) -> Response:
    """Store that the respondent said no to an optional module, and redirect to the check.

    The check then does not ask again, on any device. Abort with 404 if the pack has no such module.
    """
    held = load_held_attempt(handle)
    if part_id not in [part.id for part in held.pack.optional_parts]:
        abort(404)

    with writing() as session:
        decline_part(session, held.attempt, part_id)
    return redirect(url_for("check.check", handle=handle, done="declined"), 303)


def _offers_sharpening(held: HeldAttempt) -> bool:
    """Return whether the respondent may open the sharpening items.

    The respondent may open the items if the sent answers give a suggestion that is not a pole.
    After the items were opened, also return True. Otherwise, a form that is sent twice would get
    a 404.
    """
    attempt = held.attempt
    pack = held.pack
    if SHARPENING not in pack.parts:
        return False
    if SHARPENING in attempt.open_parts or SHARPENING in attempt.sent_parts:
        return True
    scores = score_traits(pack, attempt.answers, attempt.sent_parts)
    outcome = suggest_role(pack, scores)
    return outcome is not None and not outcome.is_decided
