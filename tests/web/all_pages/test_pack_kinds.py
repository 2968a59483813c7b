"""Each page of a quiz works for packs of all kinds: few or many answers, one language, no poles, old formats."""

from pathlib import Path

import pytest

from fitquiz.core.pack_files.reading import read_pack
from tests.core.support.pack_building import change, write_files, write_files_without_poles
from tests.web.support.answering import agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.respondent import Respondent
from tests.web.support.small_packs import SAMPLE, install

MODULES = {"extra": ("everyone", "own+ own-"), "leading": ("on-request", "lead+ help-")}


def label_ends(points: int) -> dict[str, str]:
    """Return a pack with this number of answers, of which only the first and the last have a label."""
    files = write_files(points=points, modules=MODULES)
    old = f"points = {points}"
    files = change(files, "pack.toml", old, f'{old}, labelled = "ends"')
    labels = [f"point {number}" for number in range(points)]
    return change(files, "en.toml", f"labels = {labels}", 'labels = ["No", "Yes"]')


KINDS = {
    "the first format, without occupations and extras": write_files(),
    "Norwegian alone": write_files(languages=("nb",)),
    "Norwegian under its other code": write_files(languages=("no", "de")),
    "neither Norwegian nor English": write_files(languages=("de",)),
    "two answers": write_files(points=2, modules=MODULES),
    "eleven answers": write_files(points=11),
    "two answers with labels on the ends": label_ends(2),
    "eleven answers with labels on the ends": label_ends(11),
    "no poles and one trait": write_files_without_poles(),
    "an own spread of a trait": change(
        write_files(), "pack.toml", 'id = "bold"', 'id = "bold"\nitem_sd = 16'
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", pytest.param("nb", marks=pytest.mark.long)])
def test_each_page_works_for_a_pack_of_this_kind(
    make_app: MakeApp, tmp_path: Path, kind: str, language: str
) -> None:
    files = KINDS[kind]
    pack = read_pack(files)
    app = make_app(questions=install(tmp_path, files), pack=SAMPLE)
    alice = Respondent(app.test_client(), language)
    texts = pack.words_in(language)
    for place in ("", "how", "statements"):
        alice.open(f"/{language}/packs/{SAMPLE}/{place}")
    assert alice.start(SAMPLE).h1 == texts["items"]["calm-1"]
    labels = alice.page.list_texts("button", name="answer")
    assert labels[: pack.answer_points] == texts["answers"]["labels"]
    alice.answer(pack.answer_points - 1)
    alice.open(f"{alice.base}/items/calm-1")
    alice.answer_all(agree(pack, 0, calm=pack.answer_points - 1))
    alice.finish()
    for place in ("result", "answers", "how", "compare", "share"):
        alice.open(f"{alice.base}/{place}")
    for ending in ("csv", "json"):
        assert alice.client.get(f"{alice.base}/answers.{ending}").status_code == 200


def test_the_method_page_says_the_spread_of_each_trait(make_app: MakeApp, tmp_path: Path) -> None:
    files = KINDS["an own spread of a trait"]
    app = make_app(questions=install(tmp_path, files), pack=SAMPLE)
    text = Respondent(app.test_client()).open(f"/en/packs/{SAMPLE}/how").text
    assert "Uncertainty of one answer: 25." in text
    assert "Uncertainty of one answer: 16." in text
    assert "If the uncertainty of one answer is right" in text
