"""An attempt's ticket: where its result is counted, and by whose link it came. It is sealed with the attempt's token.

Only its holder has that. Every attempt has a ticket, and they look alike, so that the database alone tells neither who
is counted nor where, nor who came by a link. Each is blotted with 32 bytes that are used once: SHA-256 of a fresh nonce
and the token.
"""

import hashlib
import struct
from dataclasses import dataclass

NONCE_BYTES = 8
_LAYOUT = struct.Struct(">QQQBI")

NOWHERE, ASKED, COUNTED, WITHDRAWN, REFUSED = range(5)


@dataclass(frozen=True, slots=True)
class Ticket:
    """Campaign, unit and personal invitation by their ids (0: none), how far it is, and a counsellor's link by its id.

    Nowhere: never to be counted. Asked: will be when it is sent. Counted. Withdrawn by the respondent. Refused: when it
    was sent the campaign took no more.
    """

    campaign_id: int = 0
    unit_id: int = 0
    invitation_id: int = 0
    state: int = NOWHERE
    link_id: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether it was to be counted and could not be."""
        return self.state == REFUSED


def close_ticket(ticket: Ticket, token: str, nonce: bytes) -> bytes:
    """Return the ticket as it is stored; ValueError unless the nonce has NONCE_BYTES, fresh and random each time."""
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    plain = _LAYOUT.pack(
        ticket.campaign_id, ticket.unit_id, ticket.invitation_id, ticket.state, ticket.link_id
    )
    return nonce + _blot(plain, nonce, token)


def open_ticket(stored: bytes | None, token: str) -> Ticket:
    """Return the ticket that was stored with this token; what an older one does not hold is 0."""
    if not stored:
        return Ticket()
    nonce, blotted = stored[:NONCE_BYTES], stored[NONCE_BYTES:]
    return Ticket(*_LAYOUT.unpack(_blot(blotted, nonce, token).ljust(_LAYOUT.size, b"\0")))


def key_of_response(token: str) -> bytes:
    """Return the 32 bytes under which an attempt's response waits to be sealed; the token alone leads to them."""
    return hashlib.sha256(b"response:" + token.encode()).digest()


def _blot(text: bytes, nonce: bytes, token: str) -> bytes:
    key = hashlib.sha256(b"ticket:" + nonce + token.encode()).digest()
    return bytes(one ^ other for one, other in zip(text, key, strict=False))
