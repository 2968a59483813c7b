"""The result page: each suggestion, its reasons and its uncertainty, in both languages."""

import re

import pytest
from flask import Flask

from fitquiz.core.packs import Keyed
from fitquiz.core.result.whole_result import work_out_result
from tests.web.support.answering import CASES, FIRST, PACK, agree
from tests.web.support.page import Page, read_text
from tests.web.support.respondent import Respondent


def read_number(text: str) -> float:
    return float(text.replace("−", "-").replace(",", ".").rstrip("."))


def read_pulls(page: Page) -> tuple[list[float], float]:
    """Return the contributions of the six traits and their sum, the lean, from the table."""
    cells = [
        text
        for text in page.list_texts("td", class_="number")
        if re.fullmatch(r"[+−]?\d+[.,]\d", text)
    ]
    return [read_number(text) for text in cells[: len(PACK.traits)]], read_number(cells[-1])


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("case", CASES)
def test_every_suggestion_is_shown_with_its_words(app: Flask, language: str, case: str) -> None:
    suggestion, is_clear, answers = CASES[case]
    words = PACK.words[language]["suggestions"][suggestion]
    page = Respondent(app.test_client(), language).take(answers)
    assert page.h1 == words["clearly" if is_clear else "headline"]
    assert words["text"] in page.text
    assert all(step in page.text for step in words["next"])


@pytest.mark.parametrize("case", CASES)
def test_the_contributions_shown_add_up_to_the_lean_shown(alice: Respondent, case: str) -> None:
    pulls, lean = read_pulls(alice.take(CASES[case][2]))
    assert len(pulls) == len(PACK.traits)
    assert round(sum(pulls), 6) == lean


def test_the_contributions_are_written_the_norwegian_way(app: Flask) -> None:
    page = Respondent(app.test_client(), "nb").take(agree(people=4))
    assert "+16,7" in page.list_texts("td", class_="number")
    assert "-" not in "".join(page.list_texts("td", class_="number"))


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize("case", CASES)
def test_certainty_is_said_in_words_and_never_in_per_cent(
    app: Flask, language: str, case: str
) -> None:
    page = Respondent(app.test_client(), language).take(CASES[case][2])
    assert "%" not in page.text
    assert {"nb": "En annen dag", "en": "On another day"}[language] in page.text


def test_what_is_enjoyed_is_tied_to_statements_that_were_agreed_with(alice: Respondent) -> None:
    answers = CASES["front, clearly"][2]
    texts = [text for text in alice.take(answers).list_texts("li") if "You answered" in text]
    assert len(texts) == 3
    words = PACK.words["en"]
    for text in texts:
        (item,) = [id_ for id_, said in words["items"].items() if said in text]
        assert words["answers"]["labels"][answers[item]].lower() in text
        assert answers[item] > 2


def test_disagreement_alone_names_nothing_that_is_enjoyed(alice: Respondent) -> None:
    answers = {
        item.id: 0 if item.measures == "people" and item.keyed is Keyed.MINUS else 2
        for item in PACK.items_of(PACK.first_parts)
    }
    page = alice.take(answers)
    assert "What you enjoy" not in page.list_texts("h2")


def test_every_trait_has_a_row_between_its_two_ends(alice: Respondent) -> None:
    page = alice.take(agree(people=4, focus=1))
    (rows,) = page.find_all("ul", class_="traits")
    shown = [read_text(row) for row in rows if row.tag == "li"]
    for row, trait in zip(shown, PACK.traits, strict=True):
        said = PACK.words["en"]["traits"][trait.id]
        level = {"people": "high", "focus": "low"}.get(trait.id, "middle")
        left, right = ("high", "low") if trait.pole == "back" else ("low", "high")
        ends = f"{said['ends'][left]} {said['ends'][right]}"
        assert row == f"{ends} {said['name']}: {said[level]}"


def test_the_mark_of_a_trait_has_the_colour_of_the_side_to_which_the_answers_pull(
    alice: Respondent,
) -> None:
    page = alice.take(agree(people=4, focus=0, autonomy=4, listening=1))
    (rows,) = page.find_all("ul", class_="traits")
    sides = [each.get("class") for each in rows.iter() if each.tag.endswith("svg")]
    assert [int((each or "")[-1]) for each in sides] == [1, 0, 2, 2, 0, 1]


def test_occupations_are_listed_for_each_side(alice: Respondent) -> None:
    page = alice.take(agree())
    names = [PACK.words["en"]["occupations"][each.id]["name"] for each in PACK.occupations]
    assert page.list_texts("dt")[: len(names)] == names


def test_a_single_answer_that_would_change_it_really_does(
    alice: Respondent, mallory: Respondent
) -> None:
    answers = agree(people=4)
    result = work_out_result(PACK, answers, PACK.first_parts, {}, "en")
    change = result.ways_out[0].changes[0]
    page = alice.take(answers)
    assert "One different answer would be enough" in page.text
    assert PACK.words["en"]["items"][change.item] in page.text
    other = mallory.take({**answers, change.item: change.then})
    assert other.h1 == PACK.words["en"]["suggestions"][result.ways_out[0].suggestion]["headline"]


def test_a_firm_result_says_how_many_answers_would_be_needed(alice: Respondent) -> None:
    result = work_out_result(PACK, CASES["front, clearly"][2], PACK.first_parts, {}, "en")
    page = alice.take(CASES["front, clearly"][2])
    assert (
        f"At least {len(result.ways_out[0].changes)} of your answers would have to be different"
        in page.text
    )


@pytest.mark.parametrize("language", ["nb", "en"])
def test_too_few_answers_give_no_suggestion_and_say_what_is_needed(
    app: Flask, language: str
) -> None:
    alice = Respondent(app.test_client(), language)
    page = alice.take({FIRST[0]: 4})
    assert (
        page.h1
        == {"nb": "For få svar til et forslag", "en": "Too few answers for a suggestion"}[language]
    )
    assert page.find_all("figure") == page.find_all("table", class_="pulls") == []
    assert page.find_form("/reopen").method == "post"


def test_the_check_warns_of_too_few_answers(alice: Respondent) -> None:
    alice.start()
    assert "too few answers for a suggestion" in alice.answer_all({}).text


def test_the_same_answer_throughout_is_remarked_on(alice: Respondent) -> None:
    assert "Most of your answers are the same." in alice.take(dict.fromkeys(FIRST, 3)).text


def test_varied_answers_are_not_remarked_on_as_the_same(alice: Respondent) -> None:
    assert "Most of your answers are the same." not in alice.take(agree(usual=3)).text


def test_the_kinds_of_role_are_compared_row_by_row(alice: Respondent) -> None:
    page = alice.take(agree(people=4))
    for words in PACK.words["en"]["aspects"].values():
        assert words["name"] in page.list_texts("h3")
        assert words["back"] in page.text
        assert words["front"] in page.text


def test_every_answer_is_accounted_for(alice: Respondent) -> None:
    alice.take(agree(people=4))
    page = alice.open(f"{alice.base}/answers")
    rows = page.list_texts("tr")
    for item in PACK.parts["standard"].items:
        assert [row for row in rows if row.startswith(PACK.words["en"]["items"][item.id])], item.id


def test_a_result_without_a_suggestion_has_no_account_of_answers(alice: Respondent) -> None:
    alice.take({})
    alice.open(f"{alice.base}/answers", 404)


@pytest.mark.parametrize(
    "place", ["result", "answers", "link", "delete", "answers.csv", "answers.json"]
)
def test_nothing_of_an_attempt_is_to_be_indexed_or_kept(alice: Respondent, place: str) -> None:
    alice.take(agree())
    response = alice.client.get(f"{alice.base}/{place}")
    assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert response.headers["Cache-Control"] == "no-store"
