"""No template asks an object for an attribute that it does not have. Jinja would show nothing and go on."""

from collections.abc import Iterator
from typing import Any, ClassVar

import pytest
from flask import Flask
from jinja2 import Environment, Undefined
from jinja2.utils import missing

from tests.web.support.answering import CASES
from tests.web.support.calls import list_calls
from tests.web.support.respondent import Respondent
from tests.web.support.stage import Stage

RESULT_PAGES = ("result", "answers", "how", "share", "compare", "jobs/present")


class RecordingUndefined(Undefined):
    """Notes each missing attribute that a template uses. A missing variable may be meant."""

    found: ClassVar[set[str]] = set()

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        if self._undefined_obj is not missing:
            owner = type(self._undefined_obj).__name__
            self.found.add(f"{owner}.{self._undefined_name}")


@pytest.fixture
def found() -> Iterator[set[str]]:
    RecordingUndefined.found.clear()
    yield RecordingUndefined.found
    RecordingUndefined.found.clear()


def record_undefined(app: Flask) -> None:
    app.jinja_env.undefined = RecordingUndefined
    app.jinja_env.bytecode_cache = None
    if app.jinja_env.cache is not None:
        app.jinja_env.cache.clear()
    app.extensions["fitquiz_item_pages"].cache_clear()


def test_no_page_of_anybody_asks_for_a_missing_attribute(stage: Stage, found: set[str]) -> None:
    usual = stage.app.jinja_env.undefined
    record_undefined(stage.app)
    for call in list_calls(stage, "GET"):
        stage.restore()
        stage.ask(call.doer, "GET", call.address)
    for call in list_calls(stage, "POST"):
        stage.restore()
        stage.ask(call.doer, "POST", call.address, {})
    stage.app.jinja_env.undefined = usual
    assert found == set()


@pytest.mark.parametrize("case", CASES)
def test_no_result_asks_for_a_missing_attribute(
    app: Flask, alice: Respondent, found: set[str], case: str
) -> None:
    record_undefined(app)
    alice.take(CASES[case][2])
    for page in RESULT_PAGES:
        assert alice.client.get(f"/en/attempts/{alice.handle}/{page}").status_code == 200
    assert found == set()


def test_a_missing_attribute_is_noticed(found: set[str]) -> None:
    environment = Environment(autoescape=True, undefined=RecordingUndefined)
    assert environment.from_string("{{ path.length }}{{ missing }}").render(path="a") == ""
    assert found == {"str.length"}
