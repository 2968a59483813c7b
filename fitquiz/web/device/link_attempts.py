"""Finds this device's attempts that began with the link that a respondent has opened.

The page of a link offers only attempts that began with this link. The page says whether the device
holds other attempts, but does not describe the other attempts. The page of a kiosk's link says
nothing about any attempt, because the attempt may belong to an earlier person.
"""

from dataclasses import dataclass

from flask import render_template

from fitquiz.core.secrets.tickets import Ticket
from fitquiz.web.device.held_attempts import HeldAttempt, list_held_attempts
from fitquiz.web.limits.wrong_link_limit import note_known_link


@dataclass(frozen=True, slots=True)
class LinkAttempts:
    """This device's attempts, divided by whether they began with one link.

    `kept` are the attempts of the link that an own device keeps. All these attempts belong to one
    person. `shared` is the attempt of the link on a shared device, or None. The attempt in `shared`
    may belong to another person. `has_others` is true if the device holds an attempt that began
    with another link or without a link.
    """

    kept: tuple[HeldAttempt, ...]
    shared: HeldAttempt | None
    has_others: bool

    @property
    def offered(self) -> HeldAttempt | None:
        """The newest open attempt in `kept`, or the newest attempt if no attempt is open.

        None if `kept` is empty.
        """
        return max(
            self.kept,
            key=lambda held: (held.attempt.is_open, held.attempt.started_at),
            default=None,
        )

    @property
    def was_sent(self) -> bool:
        """Whether an attempt in `kept` was sent."""
        return any(held.attempt.finished_at for held in self.kept)

    @property
    def was_counted(self) -> bool:
        """Whether a campaign counts an attempt in `kept`."""
        return any(held.ticket.is_counted for held in self.kept)


NO_ATTEMPTS = LinkAttempts((), None, has_others=False)


def find_link_attempts(ticket: Ticket) -> LinkAttempts:
    """Return this device's attempts. `ticket` is the ticket of an attempt that begins with the link.

    If the link is unknown, `ticket` is an empty ticket. No attempt then belongs to the link.
    """
    all_held = list_held_attempts()
    own = [held for held in all_held if ticket.has_same_link(held.ticket)]
    kept = tuple(held for held in own if held.is_kept)
    shared = [held for held in own if not held.is_kept]
    return LinkAttempts(
        kept,
        shared[0] if shared else None,
        has_others=len(own) < len(all_held),
    )


def show_dead_end(ticket: Ticket, is_kiosk: bool = False) -> tuple[str, int]:
    """Return the page that is shown for every link that cannot be used.

    The page does not show why the link cannot be used. If this device holds an attempt of the link,
    the page leads to the attempt. The page of a kiosk's link never leads to an attempt. The token
    of a known link is not counted as wrong.
    """
    if ticket != Ticket():
        note_known_link()
    attempts = NO_ATTEMPTS if is_kiosk else find_link_attempts(ticket)
    page = render_template(
        "landing/invitation_landing/dead_end.html", attempts=attempts
    )
    return page, 404
