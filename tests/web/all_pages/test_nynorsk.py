"""Every page speaks Nynorsk, from the start page of the quiz to the report of a group."""

import csv
import io
import re
from xml.etree.ElementTree import Element

from flask import Flask

from tests.project.nynorsk import find_wrong_words
from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.calls import list_calls
from tests.web.support.counselling import share
from tests.web.support.page import parse_page, read_text
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent
from tests.web.support.stage import Stage

WORDS = PACK.words["nn"]
ENGLISH = {"the", "and", "of", "your", "you", "answers", "is", "not", "this", "with", "are"}
FEWEST_PAGES = 50


def remove_other_languages(tree: Element) -> None:
    """Remove the elements that are marked as another language, and scripts."""
    for child in list(tree):
        if child.get("lang") not in (None, "nn") or child.tag == "script":
            tree.remove(child)
        else:
            remove_other_languages(child)


def find_foreign_words(tree: Element) -> set[str]:
    """Return the words of a page that are Bokmål or English."""
    remove_other_languages(tree)
    text = read_text(tree)
    return find_wrong_words(text) | (set(re.findall(r"\w+", text.lower())) & ENGLISH)


def test_every_page_that_somebody_may_open_speaks_nynorsk(stage: Stage) -> None:
    foreign = {}
    for call in list_calls(stage, "GET"):
        address = re.sub("^/en/", "/nn/", call.address)
        response = stage.ask(call.doer, "GET", address)
        is_page = (response.status_code, response.mimetype) == (200, "text/html")
        if address.startswith("/nn/") and is_page:
            tree = parse_page(response).tree
            foreign[address] = (tree.get("lang"), find_foreign_words(tree))
    wrong = {address: found for address, found in foreign.items() if found != ("nn", set())}
    assert wrong == {}
    assert len(foreign) > FEWEST_PAGES


def test_a_foreign_word_on_a_page_is_caught(app: Flask) -> None:
    page = check_page(app.test_client().get("/nb/"))
    assert {"hva", "ikke"} <= find_foreign_words(page.tree)
    page = check_page(app.test_client().get("/en/"))
    assert {"your", "you"} <= find_foreign_words(page.tree)


def test_somebody_takes_and_shares_the_quiz_in_nynorsk(app: Flask, mallory: Respondent) -> None:
    anna = Respondent(app.test_client(), "nn")
    assert anna.open("/nn/").h1 == WORDS["title"]
    page = anna.start()
    assert page.h1 == WORDS["items"][FIRST[0]]
    page = anna.answer(4)
    assert page.h1 == WORDS["items"][FIRST[1]]
    page = anna.answer_all(agree(people=4))
    assert page.h1 == "Sjå over svara dine"
    page = anna.finish()
    assert page.h1 == WORDS["suggestions"]["front"]["headline"]
    rows = anna.client.get(f"{anna.base}/answers.csv").get_data().decode("utf-8-sig")
    first = next(csv.DictReader(io.StringIO(rows), delimiter=";"))
    assert (first["statement"], first["answer_in_words"]) == (
        WORDS["items"][FIRST[0]],
        "Heilt einig",
    )
    page = share(anna, "link", name="Kari")
    assert page.h1 == "Del resultatet ditt"
    mallory.language = "nn"
    (own,) = re.findall(r"/nn/shared/[\w-]{43}", page.response.text)
    mallory.open(own)
    page = mallory.send(mallory.page.find_form(own))
    assert page.h1 == WORDS["suggestions"]["front"]["headline"]
