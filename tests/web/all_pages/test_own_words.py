"""No page says *statement* or *role* if the pack has its own words for them."""

import re
import shutil
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.core.pack_files.reading import read_pack
from tests.core.support.pack_building import write_files
from tests.project.pack_texts import SHIPPED
from tests.web.support.answering import agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.campaigning import fill, read_campaigns, read_values, send, send_wrong
from tests.web.support.counselling import begin, find_address, find_shared, make_link, share
from tests.web.support.page import Page, find_first
from tests.web.support.respondent import Respondent
from tests.web.support.secret_link import read_link
from tests.web.support.small_packs import SAMPLE, install
from tests.web.support.staff_member import StaffMember

LANGUAGES = ("en", "nb", "nn")
MODULES = {"leading": ("on-request", "lead+ help-"), "extra": ("everyone", "own+ own-")}
BLOCKS = ["calm+ bold-", "calm- bold+"] * 6
FILES = write_files(BLOCKS, modules=MODULES, aspects={"hours": "calm"}, languages=LANGUAGES)
PACK = read_pack(FILES)
TERMS = '[terms]\nstatement = "riddle"\nstatements = "riddles"\nrole = "team"\n[traits.calm]'
OWN = re.compile(r"(?i)\b(statements?|påstand\w*|roles?|roll[ea]\w*)\b")


@pytest.fixture
def app(make_app: MakeApp, tmp_path: Path) -> Flask:
    """An app whose own pack calls statements riddles and roles teams. Tests sign in by the shipped pack."""
    files = {
        name: text.replace("[traits.calm]", TERMS, 1) if name != "pack.toml" else text
        for name, text in FILES.items()
    }
    files["pack.toml"] = 'extras = ["terms"]\n' + files["pack.toml"]
    questions = install(tmp_path, files)
    shutil.copytree(SHIPPED, questions / SHIPPED.name)
    return make_app(questions=questions, pack=SAMPLE)


def check(page: Page) -> None:
    """Check that neither the text nor a label of a page has the words that the pack replaces."""
    said = [page.title, page.text]
    for name in ("aria-label", "content", "data-position", "title"):
        said += [str(each.get(name)) for each in page.tree.iter() if each.get(name)]
    assert OWN.findall(" ".join(said)) == [], page.response.request.path


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_of_a_respondent_say_the_words_of_the_pack(app: Flask, language: str) -> None:
    alice = Respondent(app.test_client(), language)
    for place in ("", f"packs/{SAMPLE}/how", f"packs/{SAMPLE}/statements", "privacy", "code"):
        check(alice.open(f"/{language}/{place}"))
    check(alice.open(f"/{language}/packs/{SAMPLE}/begin"))
    check(alice.start(SAMPLE))
    check(alice.open(f"{alice.base}/refused"))
    check(alice.open(f"{alice.base}/items/calm-1"))
    check(alice.answer_all({"calm-1": 4}))
    check(alice.send(alice.page.find_form("/parts/leading/decline")))
    check(alice.finish())
    check(alice.take(agree(PACK, 4), SAMPLE))
    alice.send(alice.page.find_form("/parts/leading"))
    check(alice.open(f"{alice.base}/result"))
    alice.open(f"{alice.base}/items/{PACK.parts['leading'].items[0].id}")
    check(alice.answer_all(agree(PACK, 4)))
    check(alice.finish())
    for place in ("answers", "how", "compare", "share", "link", "delete"):
        check(alice.open(f"{alice.base}/{place}"))
    check(alice.take(agree(PACK, calm=4, bold=2), SAMPLE))
    check(alice.open(f"{alice.base}/compare"))
    check(alice.open(read_link(alice)))
    check(alice.open(f"/{language}/clear"))


def test_the_pages_of_links_and_shares_say_the_words_of_the_pack(app: Flask) -> None:
    carl = StaffMember(app, "Carl", "counsellor", "hr")
    address = find_address(carl, make_link(carl, pack_id=SAMPLE))
    alice = Respondent(app.test_client())
    check(alice.open(address))
    begin(alice, address)
    alice.answer_all(agree(PACK, calm=4))
    check(alice.finish())
    page = share(alice, "link", has_answers="y")
    check(page)
    reader = Respondent(app.test_client())
    (shared,) = set(find_shared(page))
    check(reader.open(shared))
    check(reader.send(reader.page.find_form(shared)))
    kinds = ["lean", "strongest", "high", "suggestion"]
    fields = fill(units="", statistics=kinds, pack=SAMPLE)
    seen = read_values(send_wrong(carl, "/en/campaigns/new", fields))["seen"]
    send(carl, "/en/campaigns/new", fields | {"seen": seen})
    (campaign,) = read_campaigns(carl)
    links = carl.open(f"/en/campaigns/{campaign.id}/links").response.text
    token = find_first(re.compile(r"/invitations/([\w-]{43})"), links)
    check(reader.open(f"/en/invitations/{token}"))
    check(reader.open(f"/en/invitations/{token}/begin"))
