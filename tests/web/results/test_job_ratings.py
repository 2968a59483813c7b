"""A job is rated on one page, and the result shows where it gives less or more than wanted."""

import json

import pytest

from fitquiz.store.attempts.job_ratings import KINDS
from tests.web.support.answering import PACK, agree
from tests.web.support.page import Page
from tests.web.support.rating_jobs import rate
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent

TEXTS = PACK.words["en"]["traits"]


@pytest.fixture
def person(alice: Respondent) -> Respondent:
    """Alice wants people (100), no focus (0), and half of every other trait."""
    alice.take(agree(people=4, focus=0))
    return alice


def read_gaps(page: Page, kind: str = "present") -> tuple[list[str], list[str]]:
    """Return the widest gaps in words, and every gap."""
    (section,) = page.find_all("details", id=f"job-{kind}")
    widest, every = (
        [
            " ".join("".join(each.itertext()).split())
            for part in section.iter(tag)
            for each in part
            if each.tag == "li"
        ]
        for tag in ("ol", "ul")
    )
    return widest, every


def test_the_three_widest_gaps_stand_first_in_words(person: Respondent) -> None:
    page = rate(person, people="0", focus="3", listening="3", autonomy="2", flexibility="2")
    widest, gaps = read_gaps(page)
    assert widest == [
        f"Contact with people: {TEXTS['people']['offer']['less']}",
        f"Time to focus: {TEXTS['focus']['offer']['more']}",
        f"Listening and talking: {TEXTS['listening']['offer']['more']}",
    ]
    assert len(gaps) == 5
    larger, smaller = (
        page.text.index(f"These gaps are {size} than the margin of error")
        for size in ("larger", "smaller")
    )
    focus, listening = (page.text.index(each) for each in widest[1:])
    assert larger < focus < smaller < listening
    assert "people I know many new people Wanted 100, offered 0." in gaps[3]


def test_a_job_that_gives_just_what_is_wanted_is_told_so(person: Respondent) -> None:
    page = rate(person, people="4", focus="0")
    assert "the job offers just what you want" in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_rating_is_shown_again_and_replaced(person: Respondent, kind: str) -> None:
    rate(person, kind, people="1", focus="unknown")
    page = person.open(f"{person.base}/jobs/{kind}")
    ticked = {
        each.get("name"): each.get("value")
        for each in page.find_all("input")
        if each.get("checked") is not None
    }
    assert ticked == {
        "trait-people": "1",
        **{f"trait-{t.id}": "unknown" for t in PACK.traits if t.id != "people"},
    }
    rate(person, kind, focus="2", people="unknown")
    (row,) = read_records_of(person)
    assert json.loads(str(row[2])) == {
        trait.id: 2 if trait.id == "focus" else None for trait in PACK.traits
    }


def test_present_and_advertised_job_stand_side_by_side(person: Respondent) -> None:
    rate(person, "present", people="0")
    page = rate(person, "advertised", people="4")
    assert "What you want, and what your job offers" in page.list_texts("h2")
    assert "What you want, and what the advertised job offers" in page.list_texts("h2")


def test_ratings_go_along_with_ones_own_file(person: Respondent) -> None:
    rate(person, "advertised", people="3", focus="unknown")
    whole = person.client.get(f"{person.base}/answers.json").json
    assert whole is not None
    assert whole["jobs"] == {
        "advertised": {t.id: 3 if t.id == "people" else None for t in PACK.traits}
    }


def test_a_rating_can_be_deleted(person: Respondent) -> None:
    rate(person, people="0")
    person.open(f"{person.base}/jobs/present")
    person.send(person.page.find_form("/forget"))
    assert read_records_of(person) == []
    assert "what your job offers" not in " ".join(person.page.list_texts("h2"))


@pytest.mark.parametrize("ratings", [{}, {"people": "unknown"}])
def test_nothing_rated_is_asked_for_once_more(person: Respondent, ratings: dict[str, str]) -> None:
    page = rate(person, "present", 400, **ratings)
    assert "Rate at least one of them." in page.text
    assert read_records_of(person) == []


def test_a_rating_outside_the_scale_is_refused(person: Respondent) -> None:
    rate(person, "present", 400, people="9", focus="1")
    assert read_records_of(person) == []


def test_an_unfinished_attempt_has_nothing_to_set_a_job_beside(alice: Respondent) -> None:
    alice.start()
    alice.open(f"{alice.base}/jobs/present")
    assert alice.item == "autonomy-1"


def test_another_kind_of_job_is_not_there(person: Respondent) -> None:
    person.open(f"{person.base}/jobs/dream", 404)


def test_a_deleted_attempt_takes_no_rating(person: Respondent) -> None:
    person.open(f"{person.base}/jobs/present")
    form, base = person.page.find_form("/jobs/present"), person.base
    person.open(f"{base}/delete")
    person.send(person.page.find_form("/delete"))
    person.send(form, 410, **{"trait-people": "1"})


def test_a_pack_from_before_jobs_could_be_rated_offers_none(person: Respondent) -> None:
    files = {name: words.replace('"offers", ', "") for name, words in PACK.files.items()}
    for name in (f"{language}.toml" for language in PACK.languages):
        lines, is_offer = [], False
        for line in files[name].split("\n"):
            is_offer = line.endswith(".offer]") if line.startswith("[") else is_offer
            lines += [] if is_offer and not line.startswith("#") else [line]
        files[name] = "\n".join(lines)
    old, app = json.dumps(files).replace("'", "''").replace(":", "\\:"), person.client.application
    change_behind(app, f"INSERT INTO pack VALUES ('old', '{old}', '2026-01-01')")
    change_behind(app, "UPDATE attempt SET content_hash = 'old'")
    assert [link for link in person.open(f"{person.base}/result").links if "/jobs/" in link] == []
    person.open(f"{person.base}/jobs/present", 404)


def read_records_of(person: Respondent) -> list[tuple[object, ...]]:
    return read_records(person.client.application)["offer"]


@pytest.mark.parametrize("blank", ["\n", "\u2028", " "])
def test_a_blank_is_no_rating(person: Respondent, blank: str) -> None:
    rate(person, status=400, people=blank)
    assert read_records(person.client.application)["offer"] == []
