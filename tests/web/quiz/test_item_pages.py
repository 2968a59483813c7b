"""An item's page is rendered once for many, with each respondent's own handle and token in it."""

import re

import pytest
from flask import Flask, g, request

from fitquiz.web.device.held_attempts import load_held_attempt
from fitquiz.web.quiz import item_pages
from tests.web.support.answering import FIRST
from tests.web.support.respondent import Respondent

TOKEN_FIELD = re.compile(r'name="csrf_token" value="[^"]+"')
TIME = re.compile(r'data-now="[0-9]+"')


def read_again(person: Respondent) -> str:
    return person.client.get(person.address.partition("#")[0]).text


def strip(person: Respondent, page: str) -> str:
    """Return the page without its reader's handle and token, and without its time."""
    page = page.replace(person.handle, "HANDLE")
    return TIME.sub("TIME", TOKEN_FIELD.sub("TOKEN", page))


def test_two_respondents_see_the_same_with_what_is_their_own(
    alice: Respondent, mallory: Respondent
) -> None:
    hers = alice.start().forms[0]
    his = mallory.start().forms[0]
    assert alice.handle in hers.action
    assert mallory.handle in his.action
    assert hers.fields["csrf_token"] != his.fields["csrf_token"]
    assert strip(alice, read_again(alice)) == strip(mallory, read_again(mallory))


def test_nothing_of_a_respondent_is_kept(
    app: Flask, alice: Respondent, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[str] = []
    render = app.extensions["fitquiz_item_pages"]

    def keep(*given: object) -> str:
        kept.append(render(*given))
        return kept[-1]

    monkeypatch.setitem(app.extensions, "fitquiz_item_pages", keep)
    alice.start()
    secrets = [alice.handle, alice.find_token(), alice.page.forms[0].fields["csrf_token"]]
    assert len(kept) == 1
    assert not any(secret in kept[0] for secret in secrets)


def test_rendering_leaves_the_request_as_it_was(app: Flask, alice: Respondent) -> None:
    alice.start()
    with app.test_request_context(
        alice.address.partition("#")[0],
        headers={"Cookie": f"attempts-kept=kept.{alice.find_token()}"},
    ):
        g.mark = "hers"
        held = load_held_attempt(alice.handle, FIRST[5])
        items = held.pack.items_of(held.attempt.open_parts)
        assert alice.handle in item_pages.show_item(held, items, 5)
        assert g.mark == "hers"
        assert request.path.startswith(alice.base)


def test_a_page_is_rendered_once_for_each_thing_that_it_shows(
    app: Flask, alice: Respondent
) -> None:
    alice.start()
    alice.answer(3)
    first = f"{alice.base}/items/{FIRST[0]}"
    misses = app.extensions["fitquiz_item_pages"].cache_info().misses
    for address, more in (
        (alice.address, 0),
        (first, 1),
        (first, 1),
        (f"{first}?from=check", 2),
        (f"{first}?a=b", 2),
    ):
        alice.client.get(address.partition("#")[0])
        assert app.extensions["fitquiz_item_pages"].cache_info().misses == misses + more


def test_what_is_answered_in_one_language_or_folder_is_not_shown_in_another(
    alice: Respondent,
) -> None:
    alice.start()
    address = f"/attempts/{alice.handle}/items/{FIRST[0]}"
    english = alice.client.get(f"/en{address}").text
    norwegian = alice.client.get(f"/nb{address}").text
    below = alice.client.get(f"/en{address}", base_url="http://localhost/fit").text
    assert '<html lang="en">' in english
    assert '<html lang="nb">' in norwegian
    assert f'action="/fit/en{address}"' in below
    assert f'action="/en{address}"' in english


def test_an_answer_leads_to_the_next_item_in_its_own_language_and_folder(alice: Respondent) -> None:
    fields = {**alice.start().find_form(f"/items/{FIRST[0]}").fields, "answer": "1"}
    this, following = (f"/attempts/{alice.handle}/items/{item}" for item in FIRST[:2])
    for language, folder in (("en", ""), ("nb", ""), ("en", "/fit")):
        sent = alice.client.post(
            f"/{language}{this}", data=fields, base_url=f"http://localhost{folder}"
        )
        assert sent.location == f"{folder}/{language}{following}#statement"


@pytest.mark.parametrize(
    ("labels", "keys"),
    [
        (["No", "Perhaps", "Yes"], ["1", "2", "3"]),
        ([str(number) for number in range(11)], [str(number) for number in range(11)]),
        (["0: never", "1", "2: always"], ["0", "1", "2"]),
        (["-1", "0", "1"], ["", "", ""]),
        (["1st", "2nd"], ["", ""]),
        (["5", "5"], ["", ""]),
        (["Never", "2 times"], ["", ""]),
    ],
)
def test_a_digit_means_the_label_that_it_shows(labels: list[str], keys: list[str]) -> None:
    assert item_pages.name_keys(labels) == keys


def test_the_places_to_fill_in_are_filled(alice: Respondent) -> None:
    alice.start()
    page = read_again(alice)
    assert item_pages.HANDLE_PLACE not in page
    assert item_pages.TOKEN_PLACE not in page
    assert page.count(alice.handle) >= 2
