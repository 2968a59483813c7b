"""A counsellor's link as a client brings it: the link, the counsellor and the pack that its token leads to."""

from dataclasses import dataclass

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.counsellor_links import Link, find_counsellor, find_link
from fitquiz.web.site.db import get_session
from fitquiz.web.site.installed_packs import installed_or_front


@dataclass(frozen=True, slots=True)
class Guidance:
    """A link, open or not, of a counsellor who may still counsel."""

    token: str
    link: Link
    counsellor: Staff
    pack: Pack

    @property
    def ticket(self) -> Ticket:
        """What an attempt made by it carries: nobody counts it, and its holder may share it with the counsellor."""
        return Ticket(link_id=self.link.id)


def find_guidance(token: str) -> Guidance | None:
    """Return what a token leads to; None alike for a random one and for that of somebody who counsels no more."""
    link = find_link(get_session(), hash_token(token)) if TOKEN.match(token) else None
    counsellor = find_counsellor(get_session(), link.owner_id) if link else None
    if link is None or counsellor is None:
        return None
    return Guidance(token, link, counsellor, installed_or_front(link.pack_id))
