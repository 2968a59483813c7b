"""The rules of the architecture hold, and each of them catches what it is for."""

from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, TemplateSyntaxError

from tests.project.architecture_rules import (
    MOST_TEMPLATE_LINES,
    Module,
    find_clock_and_chance,
    find_commits,
    find_flask_globals,
    find_forbidden_names,
    find_inner_imports,
    find_long_code,
    find_mixed_blueprints,
    find_queries,
    find_statements,
    find_wrong_imports,
    read_modules,
)

ROOT = Path(__file__).parents[2]
MODULES = [*read_modules(ROOT, "fitquiz"), Module("app.py", (ROOT / "app.py").read_text("utf-8"))]
TESTS = read_modules(ROOT, "tests")
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
WEB = [module for module in MODULES if module.layer == "web"]
ROUTE = 'blueprint = Blueprint("{0}", __name__)\n@blueprint.get("/{0}")\ndef {0}():\n    pass\n'


def in_layer(*layers: str) -> list[Module]:
    return [module for module in MODULES if module.layer in layers]


def test_all_layers_are_looked_at() -> None:
    assert {module.layer for module in MODULES} == {"", "core", "store", "web"}
    assert len(TEMPLATES) > 20


def test_imports_follow_the_one_arrow() -> None:
    assert {
        module.path: wrong for module in MODULES + TESTS if (wrong := find_wrong_imports(module))
    } == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("fitquiz/core/x.py", "import flask"),
        ("fitquiz/core/x.py", "from sqlalchemy import select"),
        ("fitquiz/core/x.py", "from fitquiz.store import attempts"),
        ("fitquiz/core/x.py", "from random import random"),
        ("fitquiz/core/x.py", "from . import packs"),
        ("fitquiz/store/x.py", "from flask import g"),
        ("fitquiz/store/x.py", "def f():\n    from fitquiz.web.site.db import get_session"),
        ("fitquiz/__init__.py", "from fitquiz.web.factory import create_app"),
        ("fitquiz/__init__.py", "from fitquiz import web"),
        ("tool.py", "import fitquiz.web.factory"),
        ("fitquiz/web/x.py", "from tests.web.support.page import Page"),
    ],
)
def test_an_import_against_the_arrow_is_caught(path: str, text: str) -> None:
    assert find_wrong_imports(Module(path, text))


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


def test_modules_functions_and_views_are_small() -> None:
    assert {
        module.path: found for module in MODULES + TESTS if (found := find_long_code(module))
    } == {}


def test_what_is_too_long_is_caught() -> None:
    assert find_long_code(Module("x.py", "a = 1\n" * 301)) == ["x.py"]
    assert find_long_code(Module("x.py", "def f():\n" + "    a = 1\n" * 45)) == ["f"]
    assert find_long_code(
        Module("x.py", '@blueprint.get("/")\ndef f():\n' + "    a = 1\n" * 25)
    ) == ["f"]
    assert find_long_code(Module("x.py", "def f():\n" + "    a = 1\n" * 44)) == []


def test_templates_are_small() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in TEMPLATES
    }
    assert {path: lines for path, lines in lengths.items() if lines > MOST_TEMPLATE_LINES} == {}


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
