"""The counsellor's desk: who shares now, one client's results side by side, and what to talk about; nothing else."""

import pytest

from tests.web.support.answering import CASES, PACK, agree
from tests.web.support.counselling import find_address, list_clients, look, make_link, share, take
from tests.web.support.page import Page
from tests.web.support.records import change_behind
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


@pytest.fixture
def address(carl: StaffMember) -> str:
    """Where a link of Carl's leads."""
    return find_address(carl, make_link(carl, uses="9"))


def take_and_share(
    client: Respondent, carl: StaffMember, address: str, name: str = "Kari", **levels: int
) -> str:
    """Take the quiz by a link, share it, and return where the counsellor finds it."""
    take(client, address, agree(PACK, 2, **levels))
    share(client, carl.staff.id, name=name, together="y")
    return list_clients(carl)[0]


def compare(carl: StaffMember, first: str, second: str) -> Page:
    """Set the second result beside the first, from the first one's page."""
    look(carl, first)
    return carl.send(carl.page.find_form("/compare"), 200, other=second.rpartition("/")[2])


def test_a_client_shares_twice_and_the_counsellor_sees_what_changed(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4, focus=1)
    change_behind(carl.app, "UPDATE attempt SET finished_at = '2026-03-01 12:00:00.000000'")
    new = take_and_share(alice, carl, address, people=0, focus=4)
    for first, second in ((new, old), (old, new)):
        change_behind(carl.app, "UPDATE share SET opened = 0")
        page = (
            compare(carl, first, second)
            if first == new
            else carl.open(f"{old}/compare/{new.rpartition('/')[2]}")
        )
        assert page.h1 == "What has changed?"
        assert (
            "The lean was +25 and is −33: −58, give or take 14. That is clearly more than the doubt."
            in page.text
        )
        assert "changed by more than the doubt: Time to focus, Contact with people." in page.text
        assert "1 March 2026 beside" in page.text
        assert "different persons" not in page.text


def test_nothing_that_changed_is_said_to_have_not(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old, new = (take_and_share(alice, carl, address, people=3) for _ in range(2))
    page = compare(carl, new, old)
    assert "No area changed by more than the doubt." in page.text
    assert page.text.count("That is within the doubt.") == 1 + 6 + 1


def test_what_is_stopped_before_it_is_compared_is_said_to_be_gone(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old, new = (take_and_share(alice, carl, address, people=level) for level in (4, 0))
    look(carl, old)
    form = carl.page.find_form("/compare")
    alice.open(f"{alice.base}/share")
    alice.send(alice.page.find_form("/stop"))
    page = carl.send(form, 410, other=new.rpartition("/")[2])
    assert page.h1 == "This is no longer shared"


def test_three_results_of_one_person_can_be_gone_through(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    first, second, third = (
        take_and_share(alice, carl, address, people=level) for level in (4, 2, 0)
    )
    page = compare(carl, third, first)
    page = carl.send(page.find_form("/compare"), other=second.rpartition("/")[2])
    assert page.h1 == "What has changed?"
    assert carl.address == f"{third}/compare/{second.rpartition('/')[2]}"
    carl.open(f"{third}/compare/{third.rpartition('/')[2]}", 404)


def test_results_of_one_person_stand_together_and_of_others_apart(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    for client, name in ((alice, "Kari"), (mallory, "Per"), (alice, "Kari")):
        take_and_share(client, carl, address, name, people=4)
    page = carl.open("/en/clients")
    rows = [text for text in page.list_texts("li") if "Shared on" in text]
    assert [row.split()[0] for row in rows] == ["Kari", "Per"]
    assert [row.count("Shared on") for row in rows] == [2, 1]


def test_who_does_not_want_to_be_known_again_is_not(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    take_and_share(alice, carl, address, people=4)
    take(alice, address, agree(people=0))
    page = alice.open(f"{alice.base}/share")
    assert page.find_all("input", id="together")[0].get("checked") is not None
    share(alice, carl.staff.id, name="Somebody")
    assert (
        len([text for text in carl.open("/en/clients").list_texts("li") if "Shared on" in text])
        == 2
    )
    page = compare(carl, *list_clients(carl))
    assert "These two were shared as different persons." in page.text


def test_a_result_must_be_opened_by_its_button(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old, new = (take_and_share(alice, carl, address, people=level) for level in (4, 0))
    page = carl.open(new)
    assert page.h1 == "Kari"
    assert "back office" not in page.text
    assert "front office" not in carl.open(f"{new}/compare/{old.rpartition('/')[2]}").text
    assert "opened 0 times" in alice.open(f"{alice.base}/share").text
    look(carl, new)
    carl.open(new)
    assert "opened 1 time" in alice.open(f"{alice.base}/share").text


def test_another_counsellors_client_is_not_to_be_compared_with(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    cora = StaffMember(carl.app, "Cora", "counsellor")
    mine = take_and_share(alice, carl, address, people=4)
    hers = take_and_share(mallory, cora, find_address(cora, make_link(cora)), people=0)
    look(carl, mine)
    theirs = hers.rpartition("/")[2]
    texts = [carl.open(f"{mine}/compare/{other}", 404).text for other in (theirs, "4711")]
    assert texts[0] == texts[1]
    token = carl.read_token()
    answers = [
        carl.post(f"{mine}/compare", {"csrf_token": token, "other": other})
        for other in (theirs, "4711")
    ]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert carl.open(hers, 404).text == carl.open("/en/clients/4711", 404).text


def test_what_is_stopped_is_gone_at_the_next_click(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old, new = (take_and_share(alice, carl, address, people=level) for level in (4, 0))
    compare(carl, new, old)
    there = carl.address
    alice.open(f"{alice.base}/share")
    alice.send(alice.page.find_form("/stop"))
    for each in (new, there):
        assert carl.open(each, 410).h1 == "This is no longer shared"
    assert list_clients(carl) == [old]
    assert "Set it beside" not in look(carl, old).text


def test_what_is_deleted_is_gone_at_the_next_click(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    there = take_and_share(alice, carl, address, people=4)
    look(carl, there)
    alice.open(f"{alice.base}/delete")
    alice.send(alice.page.find_form("/delete"))
    assert carl.open(there, 410).h1 == "This is no longer shared"
    assert "Nobody shares a result with you" in carl.open("/en/clients").text


def test_the_desk_tells_nothing_of_who_does_not_share(
    alice: Respondent, mallory: Respondent, carl: StaffMember, address: str
) -> None:
    take_and_share(alice, carl, address, people=4)
    before = carl.open("/en/clients").text
    take(mallory, address)
    share(mallory, "link")
    assert carl.open("/en/clients").text == before


def test_ids_of_shares_tell_no_order(alice: Respondent, carl: StaffMember, address: str) -> None:
    ids = [int(take_and_share(alice, carl, address, people=4).rpartition("/")[2]) for _ in range(4)]
    assert min(abs(one - other) for one in ids for other in ids if one != other) > 1000


@pytest.mark.parametrize("case", CASES)
def test_every_suggestion_and_every_trait_starts_a_conversation(
    alice: Respondent, carl: StaffMember, address: str, case: str
) -> None:
    suggestion, _, answers = CASES[case]
    take(alice, address, answers)
    share(alice, carl.staff.id)
    text = look(carl, list_clients(carl)[0]).text
    for starter in PACK.words["en"]["suggestions"][suggestion]["starters"]:
        assert starter in text
    levels = [PACK.words["en"]["traits"][trait.id]["starters"].values() for trait in PACK.traits]
    assert all(sum(starter in text for starter in each) == 1 for each in levels)


def test_too_few_answers_for_a_suggestion_are_shown_as_they_are(
    alice: Respondent, carl: StaffMember, address: str
) -> None:
    old = take_and_share(alice, carl, address, people=4)
    take(alice, address, {"people-1": 4, "people-2": 0})
    share(alice, carl.staff.id, together="y")
    new = list_clients(carl)[0]
    assert look(carl, new).h1 == "Too few answers for a suggestion"
    assert "No suggestion" in compare(carl, new, old).text
