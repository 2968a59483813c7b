"""The rules of the architecture. Each is a function that returns the places where it is broken."""

import ast
import sys
from collections import Counter
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from jinja2 import Environment, nodes

from tests.project.syntax import (
    LAYERS,
    Module,
    is_within,
    layer_of,
    list_calls,
    list_functions,
    list_imported_names,
    list_imports,
)

MAX_MODULE_LINES = 300
MAX_FUNCTION_LINES = 60
MAX_MODULES_IN_A_ROOM = 16
FORBIDDEN_NAMES = (
    *("util", "utils", "helper", "helpers", "common", "misc"),
    *("manager", "managers", "handler", "handlers"),
)


LIBRARIES = {
    "core": (),
    "store": ("sqlalchemy", "alembic"),
    "config": ("sqlalchemy",),
    "web": (
        *("flask", "flask_wtf", "wtforms", "werkzeug", "jinja2", "markupsafe", "itsdangerous"),
        *("sqlalchemy", "babel", "argon2", "segno", "zxcvbn", "prometheus_client", "xlsxwriter"),
    ),
    "server": ("flask", "click", "granian", "sqlalchemy"),
    "demo": ("click", "sqlalchemy"),
    "cli": ("flask", "click", "sqlalchemy"),
}
"""The installed packages that each layer may import."""

IMPURE = (
    *("os", "io", "pathlib", "tempfile", "random", "secrets", "time"),
    *("socket", "sqlite3", "subprocess", "urllib", "logging"),
)
FLASK_GLOBALS = ("request", "g", "current_app", "session")
STATEMENTS = ("select", "insert", "update", "delete", "text", "exists", "func")
QUERYING = ("execute", "scalar", "scalars", "query", "commit", "rollback", "exec_driver_sql")


def find_wrong_imports(module: Module) -> list[str]:
    """A layer imports itself, the layers before it and its own libraries; only tests import tests."""
    return [name for name in list_imported_names(module.tree) if not _may_import(module, name)]


def _may_import(module: Module, name: str) -> bool:
    package = name.partition(".")[0]
    is_test = module.path.startswith("tests/")
    if not package:
        return False  # A relative import.
    if package == "tests":
        return is_test
    if is_test:
        return True
    if package == "fitquiz":
        return _may_import_layer(module, layer_of(name))
    if not module.layer:
        return package in sys.stdlib_module_names
    if module.layer == "core" and package in IMPURE:
        return False
    return package in sys.stdlib_module_names or package in LIBRARIES[module.layer]


def _may_import_layer(module: Module, layer: str) -> bool:
    if module.path == "app.py":
        return layer == "cli"
    if not module.layer:
        return False
    return layer == module.layer or layer in LAYERS[module.layer]


def find_crowded_rooms(modules: list[Module]) -> list[str]:
    """Return the rooms with so many modules that a reader no longer sees the one she needs."""
    counts = Counter(module.room for module in modules)
    return [room for room, count in counts.items() if count > MAX_MODULES_IN_A_ROOM]


def find_import_cycle(modules: list[Module], by_room: bool = False) -> list[str]:
    """Return modules, or rooms, that import each other in a circle; an empty list if there is no circle."""
    known = {module.name: module for module in modules}
    graph: dict[str, set[str]] = {}
    for module in modules:
        own = module.room if by_room else module.name
        for name in list_imported_names(module.tree):
            found = known.get(name) or known.get(name.rpartition(".")[0])
            if found is None:
                continue
            other = found.room if by_room else found.name
            if other != own:
                graph.setdefault(own, set()).add(other)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle: list[str] = error.args[1]
        return cycle
    return []


def find_inner_imports(module: Module) -> list[str]:
    """No import stands inside a function."""
    functions = list_functions(module.tree)
    return [function.name for function in functions if list(list_imports(function))]


def find_days(module: Module) -> list[str]:
    """Only core/days.py turns a moment into a day, or a day into a moment."""
    if module.path == "fitquiz/core/days.py":
        return []
    forbidden = ("date", "today", "combine")
    return [name for name in list_calls(module.tree) if name in forbidden]


def find_clock_and_chance(module: Module) -> list[str]:
    """Core asks no clock, opens no file and uses no randomness."""
    forbidden = ("now", "utcnow", "today", "open", "print", "input")
    return [name for name in list_calls(module.tree) if name in forbidden]


def find_statements(module: Module) -> list[str]:
    """Web builds no statement and runs no statement."""
    imported = [
        name
        for source, names in list_imports(module.tree)
        if is_within(source, "sqlalchemy")
        for name in names
        if name in STATEMENTS
    ]
    called = [name for name in list_calls(module.tree) if name == "select"]
    attributes = [node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    running = [
        name for name in attributes if name in QUERYING and name not in ("commit", "rollback")
    ]
    return imported + called + running


def find_flask_globals(module: Module) -> list[str]:
    """No module outside web uses Flask's request, g, current_app or session."""
    imported = [names for source, names in list_imports(module.tree) if source == "flask"]
    return [name for names in imported for name in names if name in FLASK_GLOBALS]


def find_commits(module: Module) -> list[str]:
    """Store never commits."""
    attributes = [node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    return [name for name in attributes if name == "commit"]


def find_test_imports(module: Module) -> list[str]:
    """No test module is imported by another module: what tests share stands in a module of its own."""
    sources = [source for source, _ in list_imports(module.tree)]
    return [source for source in sources if source.rpartition(".")[2].startswith("test_")]


def is_blueprint(module: Module) -> bool:
    """Whether a module makes a blueprint."""
    return "Blueprint" in list_calls(module.tree)


def list_views(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the functions that are routes."""
    methods = ("route", "get", "post", "put", "patch", "delete")
    views = []
    for function in list_functions(module.tree):
        for decorator in function.decorator_list:
            if not isinstance(decorator, ast.Call):
                continue
            called = decorator.func
            if isinstance(called, ast.Attribute) and called.attr in methods:
                views.append(function)
    return views


def find_mixed_blueprints(modules: list[Module]) -> list[str]:
    """Each blueprint stands in the module of its routes, and no route module imports another."""
    names = {module.name for module in modules if is_blueprint(module)}
    mixed = []
    for module in modules:
        has_routes = bool(list_views(module))
        if has_routes != is_blueprint(module):
            mixed.append(module.path)
        imported = set(list_imported_names(module.tree))
        sources = {source for source, _ in list_imports(module.tree)}
        if is_blueprint(module) and (imported | sources) & names:
            mixed.append(module.path)
    return mixed


def find_long_code(module: Module) -> list[str]:
    """Modules and functions stay within their sizes."""
    long = []
    if module.text.count("\n") > MAX_MODULE_LINES:
        long.append(module.path)
    for function in list_functions(module.tree):
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > MAX_FUNCTION_LINES:
            long.append(function.name)
    return long


def measure_density(module: Module) -> list[float]:
    """Return the syntax nodes per non-blank line of each function, without its docstring."""
    rows = module.text.splitlines()
    densities = []
    for function in list_functions(module.tree):
        body = function.body[1:] if ast.get_docstring(function) is not None else function.body
        if not body:
            continue
        numbers = {n for statement in body for n in range(statement.lineno, _end_of(statement) + 1)}
        filled = [n for n in numbers if rows[n - 1].strip()]
        count = sum(1 for statement in body for _ in ast.walk(statement))
        densities.append(count / len(filled))
    return densities


def _end_of(statement: ast.stmt) -> int:
    return statement.end_lineno or statement.lineno


def find_forbidden_names(paths: list[str]) -> list[str]:
    """No file has a name that says nothing."""
    found = []
    for path in paths:
        words = Path(path).stem.strip("_").lower().split("_")
        if set(words) & set(FORBIDDEN_NAMES):
            found.append(path)
    return found


def find_queries(environment: Environment, template: str) -> list[str]:
    """Templates neither call the database nor name it."""
    tree = environment.parse(template)
    calls = [node.attr for node in tree.find_all(nodes.Getattr) if node.attr in QUERYING]
    names = [node.name for node in tree.find_all(nodes.Name)]
    databases = ("session", "db", "database", "get_session", "engine")
    return calls + [name for name in names if name in databases]
