"""The rules of the architecture hold, and each of them catches what it is for."""

from pathlib import Path
from statistics import median, quantiles

import pytest
from flask import Flask
from jinja2 import Environment, TemplateSyntaxError

from tests.project.architecture_rules import (
    find_clock_and_chance,
    find_commits,
    find_crowded_rooms,
    find_days,
    find_flask_globals,
    find_forbidden_names,
    find_import_cycle,
    find_inner_imports,
    find_long_code,
    find_mixed_blueprints,
    find_queries,
    find_statements,
    find_test_imports,
    find_wrong_imports,
    measure_density,
)
from tests.project.syntax import LAYERS, Module, read_modules

ROOT = Path(__file__).parents[2]
MODULES = [*read_modules(ROOT, "fitquiz"), Module("app.py", (ROOT / "app.py").read_text("utf-8"))]
TESTS = read_modules(ROOT, "tests")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WEB = [module for module in MODULES if module.layer == "web"]
ROUTE = 'blueprint = Blueprint("{0}", __name__)\n@blueprint.get("/{0}")\ndef {0}():\n    pass\n'


def in_layer(*layers: str) -> list[Module]:
    return [module for module in MODULES if module.layer in layers]


def test_all_layers_are_looked_at() -> None:
    assert {module.layer for module in MODULES} == {"", *LAYERS}
    assert len(TEMPLATES) > 20


def test_imports_follow_the_one_arrow() -> None:
    found = {module.path: find_wrong_imports(module) for module in MODULES + TESTS}
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("fitquiz/core/x.py", "import flask"),
        ("fitquiz/core/x.py", "from sqlalchemy import select"),
        ("fitquiz/core/x.py", "from fitquiz.store import attempts"),
        ("fitquiz/core/x.py", "from random import random"),
        ("fitquiz/core/x.py", "from . import packs"),
        ("fitquiz/store/x.py", "from flask import g"),
        ("fitquiz/store/x.py", "from fitquiz.config.settings import Settings"),
        ("fitquiz/store/x.py", "def f():\n    from fitquiz.web.db import get_session"),
        ("fitquiz/config/x.py", "from flask import Flask"),
        ("fitquiz/config/x.py", "from fitquiz.web.site import clock"),
        ("fitquiz/web/x.py", "from fitquiz.server.serving import serve_forever"),
        ("fitquiz/web/x.py", "from fitquiz import cli"),
        ("fitquiz/web/x.py", "import granian"),
        ("fitquiz/server/x.py", "from fitquiz.demo import company"),
        ("fitquiz/demo/x.py", "from fitquiz.cli.commands import main"),
        ("fitquiz/__init__.py", "from fitquiz.web.factory import create_app"),
        ("fitquiz/__init__.py", "from fitquiz import web"),
        ("tool.py", "import fitquiz.web.factory"),
        ("app.py", "from fitquiz.web.factory import create_app"),
        ("fitquiz/web/x.py", "from tests.web.support.page import Page"),
    ],
)
def test_an_import_against_the_arrow_is_caught(path: str, text: str) -> None:
    assert find_wrong_imports(Module(path, text))


def test_neither_modules_nor_rooms_import_each_other_in_a_circle() -> None:
    assert find_import_cycle(MODULES) == []
    assert find_import_cycle(MODULES, by_room=True) == []


def test_a_circle_of_modules_or_rooms_is_caught() -> None:
    first = Module("fitquiz/web/hr/first.py", "from fitquiz.web.quiz import second")
    second = Module("fitquiz/web/quiz/second.py", "from fitquiz.web.hr.first import x")
    third = Module("fitquiz/web/quiz/third.py", "from fitquiz.web.hr.fourth import x")
    fourth = Module("fitquiz/web/hr/fourth.py", "a = 1")
    assert find_import_cycle([first, second])
    assert find_import_cycle([first, Module(second.path, ""), third, fourth]) == []
    assert find_import_cycle([first, Module(second.path, ""), third, fourth], by_room=True)


def test_no_test_module_is_imported_by_another() -> None:
    found = {module.path: find_test_imports(module) for module in TESTS}
    assert {path: sources for path, sources in found.items() if sources} == {}
    assert find_test_imports(Module("x.py", "from tests.web.hr.test_reports import fill"))


def test_nothing_is_imported_inside_a_function() -> None:
    assert {
        module.path: found for module in MODULES + TESTS if (found := find_inner_imports(module))
    } == {}
    assert find_inner_imports(Module("x.py", "def f():\n    import os")) == ["f"]


def test_core_asks_no_clock_and_opens_no_file() -> None:
    assert {
        module.path: found
        for module in in_layer("core")
        if (found := find_clock_and_chance(module))
    } == {}
    assert find_clock_and_chance(Module("x.py", "a = datetime.now(UTC); open('x')")) == [
        "now",
        "open",
    ]


def test_days_are_found_in_one_module() -> None:
    assert {module.path: found for module in MODULES if (found := find_days(module))} == {}
    planted = Module("x.py", "a = now.date(); b = date.today(); c = datetime.combine(a, b)")
    assert find_days(planted) == ["date", "today", "combine"]


def test_web_builds_and_runs_no_statement() -> None:
    assert {module.path: found for module in WEB if (found := find_statements(module))} == {}
    assert find_statements(Module("x.py", "rows = session.scalars(select(AttemptRow))")) == [
        "select",
        "scalars",
    ]
    assert find_statements(Module("x.py", "from sqlalchemy import text")) == ["text"]


def test_nothing_outside_web_knows_the_request() -> None:
    assert {
        module.path: found
        for module in in_layer("core", "store")
        if (found := find_flask_globals(module))
    } == {}
    assert find_flask_globals(Module("x.py", "from flask import Flask, current_app, g")) == [
        "current_app",
        "g",
    ]


def test_store_never_commits() -> None:
    assert {
        module.path: found for module in in_layer("store") if (found := find_commits(module))
    } == {}
    assert find_commits(Module("x.py", "def f(session):\n    session.commit()")) == ["commit"]


def test_blueprints_stand_with_their_routes_and_apart() -> None:
    assert find_mixed_blueprints(WEB) == []


def test_mixed_blueprints_are_caught() -> None:
    first = Module("fitquiz/web/first.py", ROUTE.format("first"))
    second = Module(
        "fitquiz/web/second.py",
        "from fitquiz.web.first import blueprint\n" + ROUTE.format("second"),
    )
    third = Module(
        "fitquiz/web/third.py", "from fitquiz.web import first\n" + ROUTE.format("third")
    )
    bare = Module("fitquiz/web/bare.py", ROUTE.format("bare").partition("\n")[2])
    idle = Module("fitquiz/web/idle.py", ROUTE.format("idle").partition("\n")[0])
    found = find_mixed_blueprints([first, second, third, bare, idle])
    assert sorted(found) == sorted(module.path for module in (second, third, bare, idle))


def test_modules_and_functions_are_small() -> None:
    found = {module.path: find_long_code(module) for module in MODULES + TESTS}
    assert {path: long for path, long in found.items() if long and "migrations" not in path} == {}


def test_what_is_too_long_is_caught() -> None:
    assert find_long_code(Module("x.py", "a = 1\n" * 301)) == ["x.py"]
    assert find_long_code(Module("x.py", "def f():\n" + "    a = 1\n" * 60)) == ["f"]
    assert find_long_code(Module("x.py", "def f():\n" + "    a = 1\n" * 59)) == []


def test_a_line_says_one_thing() -> None:
    """Folded lines are hard to read. The limits are what comparable projects reach, with some room."""
    code = [module for module in MODULES if "migrations" not in module.path]
    densities = sorted(density for module in code for density in measure_density(module))
    assert median(densities) <= 9
    assert quantiles(densities, n=10)[-1] <= 16


def test_dense_lines_are_noticed() -> None:
    plain = Module("x.py", 'def f(a):\n    """Say."""\n    b = a\n    return b\n')
    dense = Module(
        "x.py", "def f(a, b):\n    return {x: y for x in a if x for y in b if y[x] > 1}\n"
    )
    assert measure_density(plain)[0] < 5
    assert measure_density(dense)[0] > 20


def test_lines_of_templates_are_short() -> None:
    lines = [line for path in TEMPLATES for line in path.read_text("utf-8").splitlines()]
    long = [line for line in lines if len(line) > 120]
    assert len(long) / len(lines) <= 0.02


def test_no_room_is_crowded() -> None:
    code = [module for module in MODULES if "migrations" not in module.path]
    assert find_crowded_rooms(code) == []
    planted = [Module(f"fitquiz/web/quiz/module_{number}.py", "") for number in range(17)]
    assert find_crowded_rooms(planted) == ["fitquiz.web.quiz"]
    assert find_crowded_rooms(planted[1:]) == []


def test_files_are_named_for_what_they_hold() -> None:
    files = [str(path.relative_to(ROOT)) for path in TEMPLATES] + [
        module.path for module in MODULES + TESTS
    ]
    assert find_forbidden_names(files) == []
    planted = [
        "web/utils.py",
        "tests/web/form_helpers.py",
        "templates/_common.html",
        "web/reliability.py",
    ]
    assert find_forbidden_names(planted) == planted[:3]


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_every_template_compiles(app: Flask, path: Path) -> None:
    name = str(path.relative_to(ROOT / "templates"))
    assert app.jinja_env.get_template(name).name == name


def test_a_template_that_does_not_compile_is_caught() -> None:
    with pytest.raises(TemplateSyntaxError):
        Environment(autoescape=True).from_string("{% if visit %}")


def test_templates_do_not_call_the_database(app: Flask) -> None:
    texts = {path.name: path.read_text("utf-8") for path in TEMPLATES}
    assert {
        name: found for name, text in texts.items() if (found := find_queries(app.jinja_env, text))
    } == {}
    assert not set(app.jinja_env.globals) & {
        "db",
        "database",
        "get_session",
        "find_attempt",
        "get_database",
    }


def test_a_template_that_calls_the_database_is_caught(app: Flask) -> None:
    assert find_queries(app.jinja_env, "{% for row in session.execute(query) %}{% endfor %}") == [
        "execute",
        "session",
    ]
