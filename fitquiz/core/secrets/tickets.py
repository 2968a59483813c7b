"""An attempt's ticket: where the attempt counts, and which link it came by. The attempt's token encrypts it.

Only the respondent's device has the token. Every attempt has a ticket, and all tickets look alike. So the
database alone does not show which attempts count, where they count, or who came by a link. Each ticket is
XORed with 32 bytes that are used once: the SHA-256 of a fresh nonce and the token.
"""

import hashlib
import struct
from dataclasses import dataclass

NONCE_BYTES = 8
_LAYOUT = struct.Struct(">QQQBI")

NOWHERE, ASKED, COUNTED, WITHDRAWN, REFUSED = range(5)
"""The states of a ticket. Their numbers are stored.

NOWHERE: the attempt never counts. ASKED: it will count when it is sent. COUNTED: it counts. WITHDRAWN: the
respondent took it out. REFUSED: the campaign took no more responses when it was sent.
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The ids of a campaign, its unit, a personal invitation and a counsellor's link (0: none), and the state."""

    campaign_id: int = 0
    unit_id: int = 0
    invitation_id: int = 0
    state: int = NOWHERE
    link_id: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether the attempt should have counted and could not."""
        return self.state == REFUSED


def close_ticket(ticket: Ticket, token: str, nonce: bytes) -> bytes:
    """Return the ticket as it is stored.

    The nonce must be fresh and random. Raise ValueError unless it has NONCE_BYTES bytes.
    """
    if len(nonce) != NONCE_BYTES:
        raise ValueError(f"a nonce has {NONCE_BYTES} bytes, not {len(nonce)}")
    plain = _LAYOUT.pack(
        ticket.campaign_id,
        ticket.unit_id,
        ticket.invitation_id,
        ticket.state,
        ticket.link_id,
    )
    return nonce + _encrypt(plain, nonce, token)


def open_ticket(stored: bytes | None, token: str) -> Ticket:
    """Return the stored ticket. Fields that an older ticket lacks are 0."""
    if not stored:
        return Ticket()
    nonce = stored[:NONCE_BYTES]
    plain = _encrypt(stored[NONCE_BYTES:], nonce, token)
    return Ticket(*_LAYOUT.unpack(plain.ljust(_LAYOUT.size, b"\0")))


def key_of_response(token: str) -> bytes:
    """Return the 32 bytes under which an attempt's response is pending. Only the token leads to them."""
    text = b"response:" + token.encode()
    return hashlib.sha256(text).digest()


def _encrypt(text: bytes, nonce: bytes, token: str) -> bytes:
    """Return the XOR of a text with the one-time key; twice gives the text again."""
    key_text = b"ticket:" + nonce + token.encode()
    key = hashlib.sha256(key_text).digest()
    pairs = zip(text, key, strict=False)  # The key is longer than the text.
    return bytes(one ^ other for one, other in pairs)
