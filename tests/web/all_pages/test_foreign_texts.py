"""On each page that shows texts of a pack in another language, the texts have that language and direction."""

import re
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.web.site.foreign_texts import page_words
from tests.core.support.shipped_packs import PACK as SHIPPED
from tests.web.support.answering import PACK, ROOT, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.campaigning import fill, read_campaigns, read_values, send, send_wrong
from tests.web.support.counselling import begin, find_address, list_clients, look, make_link, share
from tests.web.support.foreign_packs import count_signs, list_broken, list_unmarked, write_foreign
from tests.web.support.inviting import open_link
from tests.web.support.page import Page, find_first
from tests.web.support.rating_jobs import rate
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill as fill_pending
from tests.web.support.sealing import seal
from tests.web.support.staff_member import StaffMember

ANSWERS = {**agree(people=4), "readiness-1": 3}


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    """An app whose only pack is in Arabic, which no page is in."""
    write_foreign(tmp_path / "packs", "ar")
    return make_app(questions=tmp_path / "packs")


def check(page: Page) -> None:
    """Check that a page shows texts of the pack, and that each of these texts is marked."""
    address = page.response.request.path
    assert count_signs(page), f"{address} shows no text of the pack"
    assert list_unmarked(page, "ar", "rtl") == [], address
    assert list_broken(page) == [], address


def test_each_page_before_the_result_marks_foreign_texts(app: Flask) -> None:
    alice = Respondent(app.test_client())
    for place in ("", "how", "statements"):
        check(alice.open(f"/en/packs/{PACK.id}/{place}"))
    check(alice.start())
    alice.answer(3)
    check(alice.open(alice.page.find_link("/items/")))
    check(alice.answer_all(ANSWERS))


def test_each_page_of_a_result_marks_foreign_texts(app: Flask) -> None:
    alice = Respondent(app.test_client())
    check(alice.take(ANSWERS))
    check(alice.open(f"{alice.base}/jobs/present"))
    check(rate(alice, people="0", focus="4"))
    check(alice.open(f"{alice.base}/answers"))
    check(alice.open(f"{alice.base}/how"))
    check(alice.take(agree(usual=2)))
    check(alice.open(f"{alice.base}/compare"))


def test_each_page_of_a_counsellor_marks_foreign_texts(app: Flask) -> None:
    carl = StaffMember(app, "Carl", "counsellor")
    link = make_link(carl)
    address = find_address(carl, link)
    check(carl.open(f"/en/links/{link.id}/poster"))
    alice = Respondent(app.test_client())
    for _ in range(2):
        check(alice.open(address))
        begin(alice, address)
        alice.answer_all(ANSWERS)
        alice.finish()
        share(alice, carl.staff.id, has_answers="y", together="y")
    first, second = list_clients(carl)
    check(look(carl, first))
    check(look(carl, second))
    check(carl.open(f"{first}/compare/{second.rpartition('/')[2]}"))


def test_each_page_of_a_campaign_marks_foreign_texts(app: Flask) -> None:
    hana = StaffMember(app, "Hana", "hr")
    kinds = ["lean", "strongest", "high", "suggestion"]
    fields = fill(units="", statistics=kinds, anonymity="medium")
    seen = read_values(send_wrong(hana, "/en/campaigns/new", fields))["seen"]
    send(hana, "/en/campaigns/new", fields | {"seen": seen})
    (campaign,) = read_campaigns(hana)
    links = hana.open(f"/en/campaigns/{campaign.id}/links").response.text
    token = find_first(re.compile(r"/invitations/([\w-]{43})"), links)
    alice = Respondent(app.test_client())
    check(alice.open(f"/en/invitations/{token}"))
    fill_pending(app, campaign, 100, cells="1" * 40)
    seal(app, campaign)
    check(hana.open(f"/en/reports/{campaign.id}"))


def test_an_option_with_a_foreign_title_says_its_language(app: Flask) -> None:
    carl = StaffMember(app, "Carl", "counsellor", "hr")
    for address in ("/en/links/new", "/en/campaigns/new"):
        page = carl.open(address)
        (option,) = page.find_all("option", value=PACK.id)
        assert (option.get("lang"), option.get("dir")) == ("ar", "rtl")
        assert list_broken(page) == []


def list_marked(page: Page) -> list[str]:
    return page.list_texts("span", lang="nb")


def test_what_staff_wrote_for_other_readers_says_its_language(make_app: MakeApp) -> None:
    app = make_app()
    alice = Respondent(app.test_client())
    campaign = StaffMember(app, "Hana", "hr").create("Våren", languages=("nb",))
    address = f"/en/invitations/{open_link(app, campaign)}"
    assert list_marked(alice.open(address)) == ["Våren"]
    assert list_marked(alice.open(f"{address}/begin")) == ["Våren"]
    assert list_marked(alice.open(address.replace("/en/", "/nb/"))) == []
    carl = StaffMember(app, "Carl", "counsellor")
    link = make_link(carl, note="Velkommen", language="nb")
    address = find_address(carl, link).replace("/nb/", "/en/")
    assert list_marked(alice.open(address)) == ["Velkommen"]


def test_texts_in_the_language_of_the_page_are_not_marked(app: Flask) -> None:
    assert page_words(SHIPPED, "en") is SHIPPED.words["en"]


def test_only_one_module_gives_pages_the_texts_of_a_pack() -> None:
    allowed = {
        "foreign_texts.py",
        "answer_files.py",
        "background_answers.py",
        "item_pages.py",
    }
    folder = ROOT / "fitquiz" / "web"
    using = {path.name for path in folder.rglob("*.py") if ".words_in(" in path.read_text("utf-8")}
    assert using == allowed
