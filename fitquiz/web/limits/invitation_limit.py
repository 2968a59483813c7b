"""A limit on the attempts that begin with one personal link.

A personal link is a personal invitation, or a counsellor's link for one client. Attempts that begin
with a personal link do not count in the rate limit of the network address. If these attempts
counted, the people of a company behind one network address could not begin at the same time.

The counts are stored in memory only. A row in the database would reveal when the invited person has
begun. This time would reveal which attempt belongs to this person.
"""

from flask import Flask, current_app

from fitquiz.core.secrets.tickets import Ticket
from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits.memory_limits import MemoryLimit
from fitquiz.web.limits.rate_limits import TooManyBegunByOneError, count_seconds

BEGINNINGS_BY_ONE = RateLimit("begin-by-one", 20, 24 * 60)
"""No person needs 20 attempts in a day. Only a program reaches this limit."""

_EXTENSION = "fitquiz_invitation_limit"


def init_invitation_limit(app: Flask) -> None:
    """Add the counts of this process to the app."""
    app.extensions[_EXTENSION] = MemoryLimit(BEGINNINGS_BY_ONE)


def take_personal_beginning(ticket: Ticket) -> None:
    """Take one try to begin an attempt with the personal link of the ticket.

    Raise TooManyBegunByOneError (429) if the personal link has no try left.
    """
    limit: MemoryLimit = current_app.extensions[_EXTENSION]
    wait = limit.count(f"{ticket.invitation_id} {ticket.link_id}")
    if wait is not None:
        raise TooManyBegunByOneError(retry_after=count_seconds(wait))
