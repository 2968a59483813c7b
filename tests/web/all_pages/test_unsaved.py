"""Whichever statement of whatever form the database refuses: the page says so, nothing is half done, again works."""

import pytest
from sqlalchemy import Engine

from tests.reliability.support.refusing import assert_not_saved, refuse_statement
from tests.web.support.calls import Call, list_unsafe
from tests.web.support.records import listing_statements, read_database
from tests.web.support.stage import Dump, Stage


def count_statements(stage: Stage, call: Call) -> int:
    """How many statements a form takes when all goes well."""
    stage.restore()
    fields = call.fields(stage)
    with listing_statements(stage.app) as statements:
        assert stage.ask(call.doer, "POST", call.address, fields).status_code in (200, 303), call
    return len(statements)


def keep_saved(dump: Dump) -> Dump:
    """All but the tries, which are taken before the work is done."""
    return {table: rows for table, rows in dump.items() if table != "throttle"}


def check_refused(stage: Stage, engine: Engine, call: Call, number: int) -> None:
    """Refuse one statement of a form, and send the form again."""
    stage.restore()
    before, fields = keep_saved(stage.dump()), call.fields(stage)
    stop = refuse_statement(engine, number)
    response = stage.ask(call.doer, "POST", call.address, fields)
    assert stop(), (call, number)
    assert_not_saved(response)
    assert keep_saved(stage.dump()) == before, (call, number)
    assert stage.ask(call.doer, "POST", call.address, call.fields(stage)).status_code in (
        200,
        303,
    ), (call, number)


@pytest.mark.parametrize(
    "is_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"]
)
def test_whichever_statement_is_refused_nothing_is_half_done(stage: Stage, is_long: bool) -> None:
    engine = read_database(stage.app).engine
    for call in list_unsafe(stage):
        number = count_statements(stage, call)
        for failing in range(1, number + 1) if is_long else {number // 2, number} - {0}:
            check_refused(stage, engine, call, failing)
