"""Forms that are sent twice, too late, or from two tabs."""

from flask import Flask

from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.page import Form
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_answers, read_records
from tests.web.support.respondent import Respondent


def form_of(alice: Respondent, item: str) -> Form:
    return alice.open(f"{alice.base}/items/{item}").find_form(f"/items/{item}")


def test_starting_twice_with_the_same_page_starts_one_attempt(
    alice: Respondent, app: Flask
) -> None:
    form = alice.open(f"/en/packs/{PACK.id}/begin").find_form("/begin")
    places = {alice.post(form.action, form.press()).location for _ in range(2)}
    assert len(places) == 1
    assert len(read_records(app)["attempt"]) == 1


def test_the_same_answer_sent_twice_is_one_answer(alice: Respondent, app: Flask) -> None:
    form = alice.start().find_form(f"/items/{FIRST[0]}")
    places = [alice.post(form.action, {**form.fields, "answer": "1"}).location for _ in range(2)]
    assert places == [f"{alice.base}/items/{FIRST[1]}#statement"] * 2
    assert read_answers(app) == {FIRST[0]: 1}


def test_of_two_answers_in_one_form_the_first_counts(alice: Respondent, app: Flask) -> None:
    form = alice.start().find_form(f"/items/{FIRST[0]}")
    both = {**form.fields, "answer": ["3", "1"]}
    assert (
        alice.client.post(form.action, data=both, headers={"Origin": alice.host}).status_code == 303
    )
    assert read_answers(app) == {FIRST[0]: 3}


def test_in_two_tabs_the_last_answer_counts(alice: Respondent, app: Flask) -> None:
    first = alice.start().find_form(f"/items/{FIRST[0]}")
    second = form_of(alice, FIRST[0])
    alice.send(first, answer="0")
    alice.send(second, answer="4")
    assert read_answers(app) == {FIRST[0]: 4}


def test_two_tabs_at_different_items_do_not_disturb_each_other(
    alice: Respondent, app: Flask
) -> None:
    first, second = alice.start().find_form(f"/items/{FIRST[0]}"), form_of(alice, FIRST[9])
    alice.send(second, answer="2")
    alice.send(first, answer="1")
    assert read_answers(app) == {FIRST[0]: 1, FIRST[9]: 2}


def test_an_old_tab_is_told_why_nothing_changes(alice: Respondent, app: Flask) -> None:
    alice.start()
    old = form_of(alice, FIRST[0])
    alice.answer_all(agree())
    alice.finish()
    before = read_records(app)
    page = alice.send(old, answer="0" if agree()[FIRST[0]] else "4")
    assert alice.address == f"{alice.base}/refused"
    assert page.h1 == "What you answered last was not saved"
    assert f"{alice.base}/result" in page.links
    assert read_records(app) == before


def test_reading_an_item_again_after_sending_leads_to_the_result(alice: Respondent) -> None:
    alice.take(agree())
    alice.open(f"{alice.base}/items/{FIRST[0]}")
    assert alice.address == f"{alice.base}/result"


def test_sending_twice_sends_once(alice: Respondent, app: Flask) -> None:
    alice.start()
    form = alice.answer_all(agree()).find_form("/check")
    alice.send(form)
    before = read_records(app)
    alice.send(form)
    assert alice.address == f"{alice.base}/result"
    assert read_records(app) == before


def test_opening_a_part_twice_opens_it_once(alice: Respondent, app: Flask) -> None:
    form = alice.take(agree()).find_form("/parts/leading")
    alice.send(form)
    before = read_records(app)
    alice.send(form)
    assert alice.item == "leading-1"
    assert read_records(app) == before


def test_an_old_button_for_a_part_that_has_been_sent_leads_to_the_result(alice: Respondent) -> None:
    result = alice.take(agree(people=3))
    alice.send(result.find_form("/parts/sharpening"))
    alice.answer_all(agree(people=4))
    alice.finish()
    alice.send(result.find_form("/parts/sharpening"))
    assert alice.address == f"{alice.base}/result"


def test_an_answer_that_meets_the_sending_in_another_tab_is_not_taken(
    alice: Respondent, app: Flask
) -> None:
    alice.start()
    alice.answer_all(agree())
    old = form_of(alice, FIRST[3])
    alice.open(f"{alice.base}/check")
    alice.finish()
    response = alice.post(old.action, {**old.fields, "answer": "4"})
    assert (response.status_code, response.location) == (303, f"{alice.base}/refused")
    assert read_answers(app)[FIRST[3]] == 2


def test_an_item_without_a_query_leads_on_even_after_the_check(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    check_page(alice.client.get(f"{alice.base}/check"))
    alice.open(f"{alice.base}/items/{FIRST[0]}")
    alice.answer(1)
    assert alice.item == FIRST[1]


def test_an_old_begin_form_does_not_revive_a_deleted_attempt(alice: Respondent, app: Flask) -> None:
    form = alice.open(f"/en/packs/{PACK.id}/begin").find_form("/begin")
    alice.send(form)
    alice.send(alice.open(f"{alice.base}/delete").find_form("/delete"))
    assert alice.post(form.action, form.press()).status_code == 410
    assert not read_records(app)["attempt"]


def test_back_leads_to_the_check_for_who_came_from_there(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    page = alice.open(f"{alice.base}/items/{FIRST[3]}?from=check")
    assert f'href="{alice.base}/check#{FIRST[3]}"' in page.response.text
