"""Compares results that this browser holds, the earlier one first."""

from flask import Flask

from tests.web.support.answering import agree
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent


def take_at(alice: Respondent, app: Flask, day: str, people: int) -> str:
    """Finish an attempt on another day and return its address."""
    alice.take(agree(people=people))
    moments = f"finished_at = '{day} 12:00:00.000000', started_at = '{day} 11:00:00.000000'"
    change_behind(app, f"UPDATE attempt SET {moments} WHERE id = (SELECT max(id) FROM attempt)")
    return alice.base


def test_two_results_are_compared_the_earlier_one_first(app: Flask, alice: Respondent) -> None:
    old, new = (
        take_at(alice, app, "2026-03-01", people=0),
        take_at(alice, app, "2026-04-01", people=4),
    )
    for address in (old, new):
        page = alice.open(f"{address}/compare")
        assert "From 1 March 2026 to 1 April 2026" in page.text
        assert (
            "The overall direction was −17 and is now +17. Difference +34, margin of error 28."
            in page.text
        )
        assert "changed by more than the margin of error: Contact with people." in page.text


def test_any_of_several_can_be_chosen(app: Flask, alice: Respondent) -> None:
    first, _, last = (take_at(alice, app, f"2026-0{month}-01", people=month) for month in (1, 2, 3))
    page = alice.open(f"{last}/compare")
    assert "From 1 February 2026 to 1 March 2026" in page.text
    page = alice.open(page.find_link("with="))
    assert "From 1 January 2026 to 1 March 2026" in page.text
    assert alice.open(f"{first}/compare?with=nonsense").text.count("January") == 1


def test_one_result_alone_says_how_to_get_another(alice: Respondent) -> None:
    alice.take(agree())
    page = alice.open(f"{alice.base}/compare")
    assert "This device has no other result from you." in page.text
    assert page.find_link("/link")


def test_an_unfinished_one_is_not_compared(alice: Respondent) -> None:
    alice.take(agree())
    base = alice.base
    alice.start()
    unfinished = alice.base
    assert "has no other result" in alice.open(f"{base}/compare").text
    alice.open(f"{unfinished}/compare")
    assert alice.item == "autonomy-1"


def test_anothers_result_cannot_be_set_beside_ones_own(
    alice: Respondent, mallory: Respondent
) -> None:
    alice.take(agree(people=4))
    mallory.take(agree())
    page = mallory.open(f"{mallory.base}/compare?with={alice.handle}")
    assert "This device has no other result from you." in page.text
    mallory.open(f"{alice.base}/compare", 404)
