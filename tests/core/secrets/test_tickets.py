"""Only the token opens a ticket, and the database alone cannot tell one that counts from one that does not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.secrets.tickets import (
    AGAIN,
    ASKED,
    COUNTED,
    NONCE_BYTES,
    Ticket,
    close_ticket,
    key_of_response,
    open_ticket,
)
from fitquiz.core.secrets.tokens import hash_token

IDS = st.integers(0, 2**63)
TICKETS = st.builds(Ticket, IDS, IDS, IDS, st.integers(0, 5), st.integers(0, 2**32 - 1))
NONCE = bytes(range(NONCE_BYTES))


@given(TICKETS, st.text(min_size=1), st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES))
def test_a_ticket_opens_with_the_token_that_closed_it(
    ticket: Ticket, token: str, nonce: bytes
) -> None:
    assert open_ticket(close_ticket(ticket, token, nonce), token) == ticket


def test_another_token_reads_something_else() -> None:
    ticket = Ticket(3, 14, 0, COUNTED)
    assert open_ticket(close_ticket(ticket, "Alice's", NONCE), "Mallory's") != ticket


def test_tickets_are_of_one_length_and_show_nothing_of_what_is_in_them() -> None:
    counted, nowhere = (
        close_ticket(each, "Alice's", NONCE) for each in (Ticket(1, 2, 3, ASKED), Ticket())
    )
    assert len(counted) == len(nowhere) <= 40
    assert (1).to_bytes(8, "big") not in counted
    assert bytes(8) not in nowhere[NONCE_BYTES:]


def test_a_ticket_from_before_there_were_links_opens_without_one() -> None:
    ticket = Ticket(3, 14, 15, COUNTED)
    assert open_ticket(close_ticket(ticket, "Alice's", NONCE)[:-4], "Alice's") == ticket


def test_a_fresh_nonce_gives_the_same_ticket_another_look() -> None:
    one, other = (
        close_ticket(Ticket(1), "Alice's", bytes([number] * NONCE_BYTES)) for number in (1, 2)
    )
    assert one[NONCE_BYTES:] != other[NONCE_BYTES:]


def test_a_nonce_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="8 bytes, not 7"):
        close_ticket(Ticket(), "Alice's", b"1234567")


BY_LINK = {
    "personal": Ticket(1, 2, 3, ASKED),
    "another personal": Ticket(1, 2, 4, ASKED),
    "unit": Ticket(1, 2, 0, ASKED),
    "another unit": Ticket(1, 5, 0, ASKED),
    "whole campaign": Ticket(1, 0, 0, ASKED),
    "another campaign": Ticket(6, 0, 0, ASKED),
    "counsellor": Ticket(link_id=1),
    "another link of the counsellor": Ticket(link_id=2),
}


@pytest.mark.parametrize("name", BY_LINK)
def test_a_ticket_has_the_same_link_as_itself_in_every_state_and_as_no_other(name: str) -> None:
    ticket = BY_LINK[name]
    for state in range(AGAIN + 1):
        assert ticket.has_same_link(replace(ticket, state=state))
    others = [each for each in BY_LINK.values() if each != ticket]
    assert not any(ticket.has_same_link(other) for other in (*others, Ticket()))


def test_attempts_without_a_link_have_no_link_in_common() -> None:
    assert not Ticket().has_same_link(Ticket())


def test_a_personal_invitation_is_the_same_after_its_unit_has_changed() -> None:
    assert Ticket(1, 2, 3, ASKED).has_same_link(Ticket(1, 0, 3, ASKED))


@pytest.mark.parametrize("stored", [None, b""])
def test_an_attempt_without_a_ticket_is_counted_nowhere(stored: bytes | None) -> None:
    assert open_ticket(stored, "Alice's") == Ticket()


def test_the_key_of_a_response_is_not_the_hash_under_which_the_attempt_is_stored() -> None:
    assert len(key_of_response("Alice's")) == 32
    assert (
        len({key_of_response("Alice's"), key_of_response("Mallory's"), hash_token("Alice's")}) == 3
    )
