"""A pack can have its own words for statement and role, and the pages use these words."""

from pathlib import Path

import pytest
from flask import Flask

from fitquiz.core.pack_files.reading import read_pack
from tests.core.support.pack_building import (
    change,
    list_faults,
    write_files,
    write_files_without_poles,
)
from tests.web.support.answering import agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.respondent import Respondent
from tests.web.support.small_packs import SAMPLE, install

MODULES = {"leading": ("on-request", "lead+ help-")}
TERMS = '[terms]\nstatement = "question"\nstatements = "questions"\nrole = "team"\n'


def write_with_terms(files: dict[str, str], terms: str = TERMS) -> dict[str, str]:
    structure = 'extras = ["terms"]\n' + files["pack.toml"]
    words = files["en.toml"].replace("[traits.calm]", f"{terms}[traits.calm]", 1)
    return {**files, "pack.toml": structure, "en.toml": words}


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    files = write_with_terms(write_files(aspects={"hours": "calm"}, modules=MODULES))
    return make_app(questions=install(tmp_path, files), pack=SAMPLE)


def test_the_pages_use_the_words_of_the_pack(app: Flask) -> None:
    alice = Respondent(app.test_client())
    assert "4 questions" in alice.open("/en/").text
    page = alice.start(SAMPLE)
    (label,) = page.find_all("label", id="position")
    assert label.text == "Question 1 of 4"
    assert page.title.startswith("Question 1 of 4")
    (form,) = page.find_all("form", **{"class": "item"})
    assert form.get("data-position") == "Question {number} of {count}"
    page = alice.answer_all(agree(read_pack(write_files()), bold=4, calm=0))
    assert "Questions 1 to 4" in page.list_texts("h2")
    assert "Yes, answer another 2 questions: leading" in page.list_texts("button")
    assert "A day in each kind of team" in alice.finish().text
    assert "Question" in alice.open(f"{alice.base}/answers").list_texts("th")
    assert alice.open(f"/en/packs/{SAMPLE}/statements").h1 == "All questions"


def test_a_pack_that_names_terms_has_all_of_them() -> None:
    files = write_with_terms(write_files())
    assert list_faults(files) == []
    (fault,) = list_faults(change(files, "en.toml", 'role = "team"\n', ""))
    assert 'terms.role: is missing. Write role = "…"' in fault
    (fault,) = list_faults(change(files, "en.toml", TERMS, ""))
    assert "terms: is missing." in fault


def test_a_pack_without_poles_has_no_word_for_role() -> None:
    terms = TERMS.replace('role = "team"\n', "")
    assert list_faults(write_with_terms(write_files_without_poles(), terms)) == []
    (fault,) = list_faults(write_with_terms(write_files_without_poles()))
    assert "terms.role: is not an allowed key." in fault


def test_terms_that_a_pack_does_not_name_are_a_fault() -> None:
    files = change(write_files(), "en.toml", "[traits.calm]", f"{TERMS}[traits.calm]")
    assert "terms.statement: is not an allowed key." in list_faults(files)[0]
