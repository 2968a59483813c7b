"""The counsellor with whose link an attempt began."""

from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.counsellor_links import find_counsellor_of_link
from fitquiz.web.device.held_attempts import HeldAttempt
from fitquiz.web.site.database_session import get_session


def find_own_counsellor(held: HeldAttempt) -> Staff | None:
    """Return the counsellor who owns the link with which this attempt began.

    Return None if the attempt began without a link. Also return None if the counsellor's account is
    disabled or lacks the permission `counsellor`.
    """
    link_id = held.ticket.link_id
    if not link_id:
        return None
    return find_counsellor_of_link(get_session(), link_id)
