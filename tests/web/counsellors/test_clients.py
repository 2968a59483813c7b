"""A counsellor sees who shares now, compares results, and reads what to talk about."""

from itertools import pairwise

import pytest

from tests.web.support.answering import CASES, PACK, agree
from tests.web.support.counselling import find_address, list_clients, look, make_link, share, take
from tests.web.support.page import Page, read_text
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


@pytest.fixture
def address(carl: StaffMember) -> str:
    """Return the address of a link of Carl's."""
    return find_address(carl, make_link(carl, uses="9"))


def take_and_share(
    client: Respondent, carl: StaffMember, address: str, name: str = "Kari", **levels: int
) -> str:
    """Take the quiz by a link, share the result, and return the counsellor's address of it."""
    take(client, address, agree(PACK, 2, **levels))
    share(client, carl.staff.id, name=name, together="y")
    return list_clients(carl)[0]


def compare(carl: StaffMember, first: str, second: str) -> Page:
    """Compare the second result with the first, from the page of the first."""
    look(carl, first)
    form = carl.page.find_form("/compare")
    return carl.send(form, 200, other=read_id(second))


def read_id(address: str) -> str:
    """Return the id at the end of a share's address."""
    return address.rpartition("/")[2]


def list_rows(page: Page) -> list[str]:
    """Return the clients in the counsellor's list."""
    return [text for text in page.list_texts("li") if "Shared on" in text]


def find_change(trait: str, way: str) -> str:
    """Return the starter about a trait that went up or down."""
    return str(PACK.words["en"]["traits"][trait]["changes"][way])


def list_change_starters() -> list[str]:
    """Return all starters about changes."""
    return [find_change(trait.id, way) for trait in PACK.traits for way in ("up", "down")]


def test_a_client_shares_twice_and_the_counsellor_sees_what_changed(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4, focus=1)
    change_behind(carl.app, "UPDATE attempt SET finished_at = '2026-03-01 12:00:00.000000'")
    new = take_and_share(alice, carl, address, people=0, focus=4)
    compare(carl, new, old)
    for comparison in (carl.address, f"{old}/compare/{read_id(new)}"):
        change_behind(carl.app, "UPDATE share SET opened = 0")
        page = carl.open(comparison)
        assert page.h1 == "What has changed?"
        assert (
            "The overall direction was +25 and is now −33. Difference −58, margin of error 28."
            in page.text
        )
        assert "That is more than the margin of error: the overall direction has" in page.text
        assert (
            "changed by more than the margin of error: Time to focus, Contact with people."
            in page.text
        )
        assert "From 1 March 2026 to" in page.text
        shown = [each for each in list_change_starters() if each in page.text]
        assert shown == [find_change("focus", "up"), find_change("people", "down")]
        assert "shared separately" not in page.text


def test_equal_results_are_shown_as_unchanged(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=3)
    new = take_and_share(alice, carl, address, people=3)
    page = compare(carl, new, old)
    assert [each for each in list_change_starters() if each in page.text] == []
    assert "No area has changed by more than the margin of error." in page.text
    assert page.text.count("That is less than the margin of error.") == 6 + 1


def test_a_share_that_is_stopped_before_the_comparison_is_shown_as_gone(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4)
    new = take_and_share(alice, carl, address, people=0)
    look(carl, old)
    form = carl.page.find_form("/compare")
    alice.open(f"{alice.base}/share")
    alice.send(alice.page.find_form("/stop"))
    page = carl.send(form, 410, other=read_id(new))
    assert page.h1 == "This is no longer shared"


def test_three_results_of_one_client_can_be_compared_one_after_another(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    first = take_and_share(alice, carl, address, people=4)
    second = take_and_share(alice, carl, address, people=2)
    third = take_and_share(alice, carl, address, people=0)
    page = compare(carl, third, first)
    page = carl.send(page.find_form("/compare"), other=read_id(second))
    assert page.h1 == "What has changed?"
    assert carl.address == f"{third}/compare/{read_id(second)}"
    carl.open(f"{third}/compare/{read_id(third)}", 404)


def test_the_list_groups_the_results_of_each_client(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    take_and_share(alice, carl, address, "Kari", people=4)
    take_and_share(mallory, carl, address, "Per", people=4)
    take_and_share(alice, carl, address, "Kari", people=4)
    rows = list_rows(carl.open("/en/clients"))
    assert [row.split()[0] for row in rows] == ["Kari", "Per"]
    assert [row.count("Shared on") for row in rows] == [2, 1]


def test_a_client_may_share_again_as_a_different_person(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    take_and_share(alice, carl, address, people=4)
    take(alice, address, agree(people=0))
    page = alice.open(f"{alice.base}/share")
    (together,) = page.find_all("input", id="together")
    assert together.get("checked") is not None
    share(alice, carl.staff.id, name="Somebody")
    assert len(list_rows(carl.open("/en/clients"))) == 2
    first, second = list_clients(carl)
    page = compare(carl, first, second)
    assert "The two results were shared separately." in page.text


def test_a_result_must_be_opened_by_its_button(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4)
    new = take_and_share(alice, carl, address, people=0)
    page = carl.open(new)
    assert page.h1 == "Kari"
    assert "back office" not in page.text
    page = carl.open(f"{new}/compare/{read_id(old)}")
    assert "front office" not in page.text
    assert "opened 0 times" in alice.open(f"{alice.base}/share").text
    look(carl, new)
    carl.open(new)
    assert "opened 1 time" in alice.open(f"{alice.base}/share").text


def test_another_counsellors_client_cannot_be_compared(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    cora = StaffMember(carl.app, "Cora", "counsellor")
    mine = take_and_share(alice, carl, address, people=4)
    link = find_address(cora, make_link(cora))
    hers = take_and_share(mallory, cora, link, people=0)
    look(carl, mine)
    foreign = carl.open(f"{mine}/compare/{read_id(hers)}", 404).text
    missing = carl.open(f"{mine}/compare/4711", 404).text
    assert foreign == missing

    token = carl.read_token()
    for other in (read_id(hers), "4711"):
        answer = carl.post(f"{mine}/compare", {"csrf_token": token, "other": other})
        assert answer.status_code == 404

    foreign = carl.open(hers, 404).text
    missing = carl.open("/en/clients/4711", 404).text
    assert foreign == missing


def test_a_stopped_share_is_gone_at_the_next_click(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4)
    new = take_and_share(alice, carl, address, people=0)
    compare(carl, new, old)
    comparison = carl.address
    alice.open(f"{alice.base}/share")
    alice.send(alice.page.find_form("/stop"))
    for each in (new, comparison):
        assert carl.open(each, 410).h1 == "This is no longer shared"
    assert list_clients(carl) == [old]
    page = look(carl, old)
    assert "Compare with" not in page.text


def test_a_deleted_result_is_gone_at_the_next_click(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    shared = take_and_share(alice, carl, address, people=4)
    look(carl, shared)
    alice.open(f"{alice.base}/delete")
    alice.send(alice.page.find_form("/delete"))
    assert carl.open(shared, 410).h1 == "This is no longer shared"
    assert "Nobody shares a result with you" in carl.open("/en/clients").text


def test_the_list_does_not_show_a_client_who_does_not_share(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    take_and_share(alice, carl, address, people=4)
    before = carl.open("/en/clients").text
    take(mallory, address)
    share(mallory, "link")
    assert carl.open("/en/clients").text == before


def test_ids_of_shares_are_random(alice: Respondent, carl: StaffMember, address: str) -> None:
    ids = []
    for _ in range(4):
        shared = take_and_share(alice, carl, address, people=4)
        ids.append(int(read_id(shared)))
    ids.sort()
    gaps = [after - before for before, after in pairwise(ids)]
    assert min(gaps) > 1000


@pytest.mark.parametrize("case", CASES)
def test_every_suggestion_and_every_trait_starts_a_conversation(
    alice: Respondent, carl: StaffMember, address: str, case: str
) -> None:
    suggestion, _, answers = CASES[case]
    take(alice, address, answers)
    share(alice, carl.staff.id)
    (shared,) = list_clients(carl)
    text = look(carl, shared).text
    words = PACK.words["en"]
    for starter in words["suggestions"][suggestion]["starters"]:
        assert starter in text
    for trait in PACK.traits:
        starters = words["traits"][trait.id]["starters"].values()
        shown = [starter for starter in starters if starter in text]
        assert len(shown) == 1


def test_too_few_answers_for_a_suggestion_are_named(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4)
    take(alice, address, {"people-1": 4, "people-2": 0})
    share(alice, carl.staff.id, together="y")
    new = list_clients(carl)[0]
    assert look(carl, new).h1 == "Too few answers for a suggestion"
    page = compare(carl, new, old)
    assert "No suggestion" in page.text


@pytest.mark.parametrize("case", CASES)
def test_the_page_for_the_talk_has_the_rows_three_starters_and_room_to_write(
    alice: Respondent, carl: StaffMember, address: str, case: str
) -> None:
    suggestion, _, answers = CASES[case]
    take(alice, address, answers)
    share(alice, carl.staff.id, name="Kari")
    (shared,) = list_clients(carl)
    assert carl.open(f"{shared}/talk").h1 == "Kari"
    page = look(carl, shared)
    page = carl.open(page.find_link("/talk"))
    (sheet,) = page.find_all("article", class_="sheet result")
    words = PACK.words["en"]
    for trait in PACK.traits:
        assert words["traits"][trait.id]["name"] in page.text
    starters = [read_text(each) for each in next(sheet.iter("ol")).iter("li")]
    assert len(starters) == 3
    first = words["suggestions"][suggestion]["starters"]
    assert starters[: len(first)] == first[:3]
    assert len(page.find_all("div", class_="room")) == 10


def test_the_page_for_the_talk_ends_with_the_share(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    shared = take_and_share(alice, carl, address, people=4)
    look(carl, shared)
    cora = StaffMember(carl.app, "Cora", "counsellor")
    cora.open(f"{shared}/talk", 404)
    alice.open(f"{alice.base}/share")
    alice.send(alice.page.find_form("/stop"))
    assert carl.open(f"{shared}/talk", 410).h1 == "This is no longer shared"
