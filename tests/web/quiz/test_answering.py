"""Taking the quiz, from the start to the result."""

import pytest
from flask import Flask

from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.records import listing_statements, read_answers
from tests.web.support.respondent import Respondent


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_whole_quiz_is_taken_in_one_language(app: Flask, language: str) -> None:
    alice, answers = Respondent(app.test_client(), language), agree(people=4)
    asked = []
    alice.start()
    while alice.item:
        assert alice.page.h1 == PACK.words[language]["items"][alice.item]
        asked.append(alice.item)
        alice.answer(answers[alice.item])
    assert asked == FIRST
    assert alice.finish().h1 == PACK.words[language]["suggestions"]["front"]["headline"]
    assert read_answers(app) == {item: answers[item] for item in FIRST}


@pytest.mark.parametrize("language", ["nb", "en"])
def test_an_item_offers_the_answers_in_words(app: Flask, language: str) -> None:
    alice = Respondent(app.test_client(), language)
    buttons = alice.start().find_form(f"/items/{FIRST[0]}").buttons
    labels = PACK.words[language]["answers"]["labels"]
    assert list(buttons.items())[:-1] == [(label, str(point)) for point, label in enumerate(labels)]
    assert list(buttons.values())[-1] == "skip"


def test_no_answer_is_chosen_beforehand(alice: Respondent) -> None:
    assert alice.start().find_all("button", aria_current="true") == []


def test_one_tap_answers_and_leads_on(alice: Respondent, app: Flask) -> None:
    alice.start()
    alice.answer(3)
    assert alice.address == f"{alice.base}/items/{FIRST[1]}#statement"
    assert read_answers(app) == {FIRST[0]: 3}


def test_taking_an_answer_reads_one_row_and_writes_one(alice: Respondent, app: Flask) -> None:
    form = alice.start().find_form(f"/items/{FIRST[0]}")
    with listing_statements(app) as statements:
        assert alice.post(form.action, {**form.fields, "answer": "1"}).status_code == 303
    assert [statement.split()[0] for statement in statements] == ["SELECT", "INSERT"]


def test_an_item_states_where_one_is(alice: Respondent) -> None:
    alice.start()
    page = alice.answer(3)
    assert page.title.startswith("Statement 2 of 28")
    assert [(bar.get("value"), bar.get("max")) for bar in page.find_all("progress")] == [
        ("2", "28")
    ]


def test_the_earlier_answer_is_marked_and_said_in_words(alice: Respondent) -> None:
    alice.start()
    alice.answer(3)
    page = alice.open(f"{alice.base}/items/{FIRST[0]}")
    assert [button.get("value") for button in page.find_all("button", aria_current="true")] == ["3"]
    assert "You answered: Agree" in page.text
    assert f"{alice.base}/items/{FIRST[1]}#statement" in page.links


def test_another_answer_replaces_the_earlier_one(alice: Respondent, app: Flask) -> None:
    alice.start()
    alice.answer(3)
    alice.open(f"{alice.base}/items/{FIRST[0]}")
    alice.answer(0)
    assert read_answers(app) == {FIRST[0]: 0}


def test_skipping_is_remembered_and_leads_on(alice: Respondent, app: Flask) -> None:
    alice.start()
    alice.answer(None)
    assert alice.item == FIRST[1]
    assert read_answers(app) == {FIRST[0]: None}
    assert "You skipped this one." in alice.open(f"{alice.base}/items/{FIRST[0]}").text


def test_back_leads_to_the_item_before_and_first_to_the_start(alice: Respondent) -> None:
    alice.start()
    assert [link.get("href") for link in alice.page.find_all("a", class_="back")] == [
        f"/en/packs/{PACK.id}/"
    ]
    alice.answer(3)
    assert f"{alice.base}/items/{FIRST[0]}#statement" in alice.page.links


def test_the_check_shows_every_answer_in_words(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(dict.fromkeys(FIRST[1:], 4))
    rows = [row.get("id") for row in alice.page.find_all("li")]
    texts = dict(zip(rows, alice.page.list_texts("li"), strict=True))
    assert [row for row in rows if row] == FIRST
    assert "Skipped" in texts[FIRST[0]]
    assert all(PACK.words["en"]["answers"]["labels"][4] in texts[item] for item in FIRST[1:])


def test_the_check_tells_what_is_left_out_from_what_is_not_answered_yet(alice: Respondent) -> None:
    alice.start()
    alice.answer(None)
    page = alice.open(f"{alice.base}/check")
    rows = [" ".join(row.itertext()) for row in page.find_all("li") if row.get("id")]
    assert ["Skipped" in row for row in rows] == [True] + [False] * 27
    assert ["Not answered yet" in row for row in rows] == [False] + [True] * 27
    assert "There are too few answers for a suggestion" in page.text


def test_the_check_lists_first_what_has_no_answer(alice: Respondent) -> None:
    alice.start()
    page = alice.answer_all({item: 4 for item in FIRST if item not in (FIRST[8], FIRST[20])})
    rows = [row.get("id") for row in page.find_all("li") if row.get("id")]
    others = [item for item in FIRST if item not in (FIRST[8], FIRST[20])]
    assert rows == [FIRST[8], FIRST[20], *others]
    assert "Without an answer" in page.list_texts("h2")


def test_a_change_from_the_check_returns_to_its_row(alice: Respondent, app: Flask) -> None:
    alice.start()
    alice.answer_all(agree())
    alice.open(alice.page.find_link(f"/items/{FIRST[7]}?from=check"))
    alice.answer(4)
    assert alice.address == f"{alice.base}/check#{FIRST[7]}"
    assert read_answers(app)[FIRST[7]] == 4


def test_the_progress_does_not_go_back_when_an_answer_is_changed(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    page = alice.open(alice.page.find_link(f"/items/{FIRST[7]}?from=check"))
    (bar,) = page.find_all("progress")
    assert (bar.get("value"), bar.get("max")) == ("28", "28")
    assert page.title.startswith("Statement 8 of 28")


def test_keeping_an_answer_returns_to_the_check_too(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    page = alice.open(alice.page.find_link(f"/items/{FIRST[7]}?from=check"))
    assert f"{alice.base}/check#{FIRST[7]}" in page.links


def test_going_on_leads_to_the_first_unseen_item(alice: Respondent) -> None:
    alice.start()
    alice.answer(3)
    alice.answer(None)
    alice.open("/en/")
    assert "Continue where you left off (2 of 28)" in alice.page.text
    alice.open(alice.page.find_link("/attempts/"))
    assert alice.item == FIRST[2]


def test_going_on_leads_to_the_check_when_all_is_seen_and_then_to_the_result(
    alice: Respondent,
) -> None:
    alice.start()
    alice.answer_all(agree())
    alice.open(f"{alice.base}/")
    assert alice.address.endswith("/check")
    alice.finish()
    alice.open(f"{alice.base}/")
    assert alice.address.endswith("/result")


def test_the_start_page_offers_the_result_once_it_is_there(alice: Respondent) -> None:
    alice.take(agree())
    result = alice.address
    assert result in alice.open("/en/").links


def test_the_result_is_not_shown_before_the_answers_are_sent(alice: Respondent) -> None:
    alice.start()
    alice.open(f"{alice.base}/result")
    assert alice.item == FIRST[0]


def test_the_wish_to_improve_the_questions_is_stored_only_if_given(
    alice: Respondent, app: Flask
) -> None:
    alice.start()
    alice.start(may_improve="y")
    with app.extensions["fitquiz_database"].engine.connect() as connection:
        rows = (
            connection.exec_driver_sql("SELECT may_improve FROM attempt ORDER BY id")
            .scalars()
            .all()
        )
    assert rows == [0, 1]


def test_each_browser_has_its_own_token_in_the_pages_of_items(
    alice: Respondent, mallory: Respondent
) -> None:
    tokens = set()
    for browser in (alice, mallory):
        browser.start()
        first = str(browser.item)
        tokens.add(browser.page.find_form(f"/items/{first}").fields["csrf_token"])
        browser.answer(2)
        assert browser.item != first
    assert len(tokens) == 2
