"""A pack whose every word is hostile: each of its pages and files shows the words as they stand."""

import re
import shutil
from pathlib import Path

import pytest

from tests.web.support.answering import PACK, QUESTIONS, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.hostile_strings import KEPT
from tests.web.support.inertness import check_file, check_inert
from tests.web.support.respondent import Respondent

PLACES = ("result", "answers", "how", "compare", "jobs/present", "share", "link", "delete")
WORDS = [
    "attribute",
    *(pytest.param(name, marks=pytest.mark.long) for name in KEPT if name != "attribute"),
]


def write_hostile(folder: Path, text: str) -> None:
    """Write the shipped pack with a text at the beginning of each of its words."""
    shutil.copytree(QUESTIONS, folder)
    path = folder / PACK.id / "en.toml"
    escaped = text[:12].replace("\\", r"\\").replace('"', r"\"")
    words = re.sub(
        r'(?m)((?:= |\[|, )")(?=[^"]{1,40}")',
        lambda found: found[1] + escaped,
        path.read_text("utf-8"),
    )
    assert words.count(escaped) > 40
    path.write_text(words, "utf-8")


@pytest.mark.parametrize("name", WORDS)
def test_every_page_of_a_pack_shows_hostile_words_as_they_stand(
    make_app: MakeApp, tmp_path: Path, name: str
) -> None:
    write_hostile(tmp_path / "packs", KEPT[name])
    alice = Respondent(make_app(questions=tmp_path / "packs").test_client())
    for address in (
        "/en/",
        f"/en/packs/{PACK.id}/how",
        f"/en/packs/{PACK.id}/statements",
        "/en/reports/anonymity",
    ):
        check_inert(alice.open(address), KEPT[name])
    check_inert(alice.take(agree(people=4)), KEPT[name])
    base = alice.base
    for place in PLACES:
        check_inert(alice.open(f"{base}/{place}"), KEPT[name])
    for ending in ("csv", "json"):
        check_file(alice.client.get(f"{base}/answers.{ending}"), KEPT[name])
