"""A part that was opened later counts its own statements, so that the progress never goes back."""

import pytest
from flask import Flask

from fitquiz.web.quiz.chapters import list_chapters
from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.page import Page
from tests.web.support.respondent import Respondent

LEADING = [item.id for item in PACK.parts["leading"].items]
CONDITIONS = [item.id for item in PACK.parts["conditions"].items]
CONTINUE = "Continue where you left off"


def read_progress(page: Page) -> tuple[str, str | None, str | None]:
    (bar,) = page.find_all("progress")
    (label,) = page.list_texts("label", id="position")
    assert page.title == f"{label} – Fitquiz"
    return label, bar.get("value"), bar.get("max")


def open_leading(alice: Respondent) -> None:
    alice.start()
    page = alice.answer_all(agree())
    alice.send(page.find_form("/parts/leading"))


def list_buttons(alice: Respondent) -> list[str]:
    """Return what the start page shows in each button that goes on: the texts that are not hidden."""
    page = alice.open(f"/{alice.language}/")
    buttons = [each for each in page.find_all("span") if each.get("data-handle")]
    return [
        "".join(text.itertext()).strip()
        for button in buttons
        for text in button
        if text.get("hidden") is None
    ]


def test_an_opened_part_counts_from_one_and_the_first_part_stays_as_it_was(
    alice: Respondent,
) -> None:
    open_leading(alice)
    assert read_progress(alice.page) == ("Leadership: 1 of 8", "1", "8")
    assert read_progress(alice.answer(3)) == ("Leadership: 2 of 8", "2", "8")
    page = alice.open(f"{alice.base}/items/{FIRST[-1]}")
    assert read_progress(page) == ("Statement 28 of 28", "28", "28")
    page = alice.open(f"{alice.base}/items/{LEADING[2]}?from=check")
    assert read_progress(page) == ("Leadership: 3 of 8", "8", "8")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_each_language_names_the_opened_part(app: Flask, language: str) -> None:
    alice = Respondent(app.test_client(), language)
    open_leading(alice)
    name = PACK.words[language]["modules"]["leading"]["name"]
    of = "of" if language == "en" else "av"
    assert alice.page.title == f"{name}: 1 {of} 8 – Fitquiz"


def test_sharpening_counts_its_own_statements(alice: Respondent) -> None:
    alice.send(alice.take(agree(people=3)).find_form("/parts/sharpening"))
    assert read_progress(alice.page) == ("For a surer result: 1 of 12", "1", "12")


def test_the_check_counts_each_part_by_itself(alice: Respondent) -> None:
    open_leading(alice)
    page = alice.answer_all(dict.fromkeys(LEADING, 4))
    headings = [text for text in page.list_texts("h2") if " to " in text]
    assert headings == [
        "Statements 1 to 6",
        "Statements 7 to 12",
        "Statements 13 to 18",
        "Statements 19 to 24",
        "Statements 25 to 28",
        "Leadership: 1 to 6",
        "Leadership: 7 to 8",
    ]


def test_an_opened_part_comes_after_all_that_was_asked_before() -> None:
    parts = (*PACK.first_parts, "leading", "conditions")
    asked = [item.id for item in PACK.items_of(parts)]
    assert asked == [*FIRST, *CONDITIONS, *LEADING]
    chapters = list_chapters(PACK, parts)
    assert [chapter.part for chapter in chapters] == [None, "leading"]
    assert [item.id for chapter in chapters for item in chapter.items] == asked


def test_the_start_page_says_how_far_one_has_come(alice: Respondent) -> None:
    alice.start()
    assert list_buttons(alice) == [CONTINUE]
    alice.open(alice.page.find_link("/attempts/"))
    alice.answer(3)
    alice.answer(None)
    assert list_buttons(alice) == [f"{CONTINUE} (2 of 28)"]


def test_the_start_page_says_when_all_is_answered(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    assert list_buttons(alice) == ["All 28 done: see my result"]
    alice.open(alice.page.find_link("/attempts/"))
    assert alice.address.endswith("/check")


def test_the_start_page_names_the_opened_part(alice: Respondent) -> None:
    open_leading(alice)
    assert list_buttons(alice) == ["Continue: Leadership"]
    alice.open(alice.page.find_link("/attempts/"))
    alice.answer(3)
    assert list_buttons(alice) == ["Continue: Leadership (1 of 8)"]
    alice.open(alice.page.find_link("/attempts/"))
    alice.answer_all(dict.fromkeys(LEADING, 4))
    assert list_buttons(alice) == ["All 36 done: see my result"]


def test_a_start_page_without_an_open_attempt_needs_no_script(alice: Respondent) -> None:
    assert alice.open("/en/").find_all("script") == []
    alice.take(agree())
    assert alice.open("/en/").find_all("script") == []
    alice.start()
    (script,) = alice.open("/en/").find_all("script")
    assert "/going_on" in str(script.get("src"))
