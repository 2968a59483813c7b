"""The result page: each suggestion, its reasons and its uncertainty, in both languages."""

import re

import pytest
from flask import Flask

from fitquiz.core.result.whole_result import work_out_result
from tests.web.support.answering import CASES, FIRST, PACK, agree
from tests.web.support.page import Page
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


@pytest.mark.parametrize("case", CASES)
def test_a_band_that_touches_the_middle_always_says_that_both_can_suit(
    alice: Respondent, case: str
) -> None:
    page = alice.take(CASES[case][2])
    undecided = CASES[case][0] not in ("front", "back")
    assert ("both can suit you" in page.list_texts("figcaption")[0]) == undecided


def test_a_lean_of_nothing_names_no_side(alice: Respondent) -> None:
    caption = alice.take(CASES["versatile"][2]).list_texts("figcaption")[0]
    assert "Lean 0, right in the middle" in caption
    assert "towards" not in caption


def test_three_strengths_are_tied_to_answers_of_ones_own(alice: Respondent) -> None:
    page = alice.take(CASES["front, clearly"][2])
    result = work_out_result(PACK, CASES["front, clearly"][2], PACK.first_parts, {}, "en")
    texts = [text for text in page.list_texts("li") if "You answered" in text]
    assert len(texts) == len(result.strengths) == 3
    for text, strength in zip(texts, result.strengths, strict=True):
        assert PACK.words["en"]["items"][strength.item] in text
        assert PACK.words["en"]["answers"]["labels"][strength.answer].lower() in text


def test_every_trait_is_shown_with_its_score_and_doubt(alice: Respondent) -> None:
    page = alice.take(agree(people=4, focus=1))
    for trait in PACK.traits:
        name, score = (
            PACK.words["en"]["traits"][trait.id]["name"],
            {"people": 100, "focus": 25}.get(trait.id, 50),
        )
        assert any(text.startswith(f"{name}{score} ±") for text in page.list_texts("li")), name


def test_a_single_answer_that_would_change_it_really_does(
    alice: Respondent, mallory: Respondent
) -> None:
    answers = agree(people=4)
    result = work_out_result(PACK, answers, PACK.first_parts, {}, "en")
    change = result.ways_out[0].changes[0]
    page = alice.take(answers)
    assert "One other answer would be enough" in page.text
    assert PACK.words["en"]["items"][change.item] in page.text
    other = mallory.take({**answers, change.item: change.then})
    assert other.h1 == PACK.words["en"]["suggestions"][result.ways_out[0].suggestion]["headline"]


def test_a_firm_result_says_how_many_answers_would_be_needed(alice: Respondent) -> None:
    result = work_out_result(PACK, CASES["front, clearly"][2], PACK.first_parts, {}, "en")
    page = alice.take(CASES["front, clearly"][2])
    assert f"At least {len(result.ways_out[0].changes)} other answers would be needed" in page.text


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
    assert "there will be no suggestion" in alice.answer_all({}).text


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
