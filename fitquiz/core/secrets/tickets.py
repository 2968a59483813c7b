"""The ticket of an attempt, and the functions that encrypt and decrypt a ticket.

A ticket contains the ids of the campaign, the unit and the invitation with which the attempt began.
A ticket also contains the id of the counsellor's link with which the attempt began. Only the
attempt's token decrypts the ticket, and the database stores only a hash of the token. Every attempt
has a ticket, and every encrypted ticket looks random. Therefore the database alone does not show
which attempts a campaign counts, or which counsellor's link a respondent used.

The encryption XORs the ticket with a key of 32 bytes. The key is the SHA-256 of a nonce and the
token. Each nonce is used only once.
"""

import hashlib
import struct
from dataclasses import dataclass

NONCE_BYTES = 8
_LAYOUT = struct.Struct(">QQQBI")

NOWHERE, ASKED, COUNTED, WITHDRAWN, REFUSED, AGAIN = range(6)
"""The states of a ticket. Do not change the numbers, because stored tickets contain the numbers.

NOWHERE: no campaign counts the attempt. ASKED: the campaign will count the attempt when the
respondent sends the answers. COUNTED: the campaign counts the attempt. WITHDRAWN: the respondent
has withdrawn the response. REFUSED: the campaign did not accept the response.

AGAIN: no campaign counts the attempt. The respondent has already sent an earlier attempt with the
same counsellor's link. Therefore the link does not count this attempt as finished.
"""


@dataclass(frozen=True, slots=True)
class Ticket:
    """The content of a ticket.

    `link_id` is the id of a counsellor's link. Each id is 0 if the attempt began without such a
    campaign, unit, invitation or link.
    """

    campaign_id: int = 0
    unit_id: int = 0
    invitation_id: int = 0
    state: int = NOWHERE
    link_id: int = 0

    @property
    def is_counted(self) -> bool:
        """Whether the campaign has accepted the response of the attempt."""
        return self.state == COUNTED

    @property
    def is_refused(self) -> bool:
        """Whether the campaign refused the response of the attempt."""
        return self.state == REFUSED

    def has_same_link(self, other: "Ticket") -> bool:
        """Return whether two attempts with these tickets began with the same link.

        A link is a personal invitation, an open link or a counsellor's link. Return False if an
        attempt began without a link.
        """
        if self.link_id or other.link_id:
            return self.link_id == other.link_id
        if self.invitation_id or other.invitation_id:
            return self.invitation_id == other.invitation_id
        if not self.campaign_id:
            return False
        return (self.campaign_id, self.unit_id) == (other.campaign_id, other.unit_id)


def close_ticket(ticket: Ticket, token: str, nonce: bytes) -> bytes:
    """Return the encrypted ticket that the database stores.

    `nonce` must be random, and must be different for each call. Raise ValueError if the length of
    `nonce` is not NONCE_BYTES bytes.
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
    """Return the decrypted ticket. Return an empty ticket if `stored` is None or empty.

    A ticket that an older version of fitquiz stored can be shorter. Its missing fields become 0.
    """
    if not stored:
        return Ticket()
    nonce = stored[:NONCE_BYTES]
    plain = _encrypt(stored[NONCE_BYTES:], nonce, token)
    return Ticket(*_LAYOUT.unpack(plain.ljust(_LAYOUT.size, b"\0")))


def key_of_response(token: str) -> bytes:
    """Return the key of the row of an attempt's pending response, 32 bytes.

    The key can be computed only with the token of the attempt.
    """
    text = b"response:" + token.encode()
    return hashlib.sha256(text).digest()


def _encrypt(text: bytes, nonce: bytes, token: str) -> bytes:
    """Encrypt or decrypt `text`. The result is the XOR of `text` and the one-time key."""
    key_text = b"ticket:" + nonce + token.encode()
    key = hashlib.sha256(key_text).digest()
    pairs = zip(text, key, strict=False)  # The key is longer than the text.
    return bytes(one ^ other for one, other in pairs)
