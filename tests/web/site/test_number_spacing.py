"""A number stays on one line with its unit, in the three languages."""

import re

import pytest

from fitquiz.core.languages import LANGUAGES
from fitquiz.web.site.number_spacing import UNITS, join_numbers
from tests.web.support.answering import PACK, agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.respondent import Respondent

BREAK = re.compile(
    r"(?i)\d[ \n]+(sekund|second|minut|timer|timar|hours?\b|dag|days?\b|gang|gong|times\b|poeng|points?\b|"
    r"standard ?(error|feil)|svar|answers?\b|område|areas?\b)|[±−+<>][ \n]+\d"
)
JOIN = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("language", "text", "joined"),
    [
        ("en", "in %(num)s minutes", f"in %(num)s{JOIN}minutes"),
        ("nb", "om 30 sekunder", f"om 30{JOIN}sekunder"),
        ("nn", "{count} svar, ± 3", f"{{count}}{JOIN}svar, ±{JOIN}3"),
        ("en", "standard errors of 3 to 5", "standard errors of 3 to 5"),
    ],
)
def test_a_number_is_joined_to_its_unit_or_its_sign(language: str, text: str, joined: str) -> None:
    assert join_numbers(language, text) == joined


def test_every_language_has_its_units() -> None:
    assert UNITS.keys() == set(LANGUAGES)
    assert len({len(units) for units in UNITS.values()}) <= 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_of_a_result_lets_a_line_end_after_a_number(
    make_app: MakeApp, language: str
) -> None:
    alice = Respondent(make_app().test_client(), language)
    alice.take(agree(people=4, focus=0))
    addresses = (
        f"{alice.base}/result",
        f"{alice.base}/answers",
        f"{alice.base}/how",
        f"/{language}/packs/{PACK.id}/",
        f"/{language}/privacy",
    )
    for address in addresses:
        texts = [text.strip() for text in alice.open(address).find_all("main")[0].itertext()]
        assert [text for text in texts if BREAK.search(text)] == []
