"""The rules of the architecture, each as a function that returns what breaks it."""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, nodes

MOST_MODULE_LINES, MOST_FUNCTION_LINES, MOST_VIEW_LINES, MOST_TEMPLATE_LINES = 300, 45, 25, 60
FORBIDDEN_NAMES = (
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "manager",
    "managers",
    "handler",
    "handlers",
    "misc",
)
IMPURE = (
    "os",
    "io",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "time",
    "urllib",
    "logging",
)
MAY_IMPORT = {
    "core": ("fitquiz.core",),
    "store": ("fitquiz.core", "fitquiz.store", "sqlalchemy", "alembic"),
}
FLASK_GLOBALS = ("request", "g", "current_app", "session")
STATEMENTS = ("select", "insert", "update", "delete", "text", "exists", "func")
QUERYING = ("execute", "scalar", "scalars", "query", "commit", "rollback", "exec_driver_sql")


@dataclass(frozen=True)
class Module:
    """One Python file: its path within the project, and its syntax tree."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The parsed text."""
        return ast.parse(self.text)

    @property
    def layer(self) -> str:
        """core, store or web; empty outside the package."""
        parts = Path(self.path).parts
        return parts[1] if len(parts) > 2 and parts[0] == "fitquiz" else ""


def read_modules(root: Path, *folders: str) -> list[Module]:
    """Return all modules of these folders."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return [Module(str(path.relative_to(root)), path.read_text("utf-8")) for path in paths]


def list_imports(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield every imported module with the names taken from it; a relative one begins with a full stop."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or ""), tuple(alias.name for alias in node.names)


def list_functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method."""
    return [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def is_within(module: str, package: str) -> bool:
    """Whether a module is a package or stands in it."""
    return module == package or module.startswith(f"{package}.")


def find_wrong_imports(module: Module) -> list[str]:
    """Core takes the pure standard library and core; store adds its libraries; only app.py and tests take web."""
    wrong = []
    for name, taken in list_imports(module.tree):
        full = [f"{name}.{each}" for each in taken] or [name]
        if name.startswith("."):
            wrong.append(name)
        elif module.layer in MAY_IMPORT:
            inner = any(is_within(name, package) for package in MAY_IMPORT[module.layer])
            impure = module.layer == "core" and name.partition(".")[0] in IMPURE
            if impure or not (inner or name.partition(".")[0] in sys.stdlib_module_names):
                wrong.append(name)
        elif module.layer != "web" and any(is_within(each, "fitquiz.web") for each in full):
            wrong += (
                [name] if module.path != "app.py" and not module.path.startswith("tests/") else []
            )
        elif is_within(name, "tests") and not module.path.startswith("tests/"):
            wrong.append(name)
    return wrong


def find_inner_imports(module: Module) -> list[str]:
    """No import inside a function."""
    return [
        function.name
        for function in list_functions(module.tree)
        if any(True for _ in list_imports(function))
    ]


def find_clock_and_chance(module: Module) -> list[str]:
    """Core asks no clock, opens no file and draws no lots."""
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    names = [
        call.attr if isinstance(call, ast.Attribute) else getattr(call, "id", "") for call in calls
    ]
    return [name for name in names if name in ("now", "utcnow", "today", "open", "print", "input")]


def find_statements(module: Module) -> list[str]:
    """Web builds no statement and runs none."""
    taken = [
        name
        for source, names in list_imports(module.tree)
        if is_within(source, "sqlalchemy")
        for name in names
    ]
    attributes = [node.attr for node in ast.walk(module.tree) if isinstance(node, ast.Attribute)]
    called = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    selects = [call.id for call in called if isinstance(call, ast.Name) and call.id == "select"]
    running = [
        name for name in attributes if name in QUERYING and name not in ("commit", "rollback")
    ]
    return [name for name in taken if name in STATEMENTS] + selects + running


def find_flask_globals(module: Module) -> list[str]:
    """No request, g, current_app or session of Flask's outside web."""
    return [
        name
        for source, names in list_imports(module.tree)
        if source == "flask"
        for name in names
        if name in FLASK_GLOBALS
    ]


def find_commits(module: Module) -> list[str]:
    """Store never commits."""
    return [
        node.attr
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Attribute) and node.attr == "commit"
    ]


def is_blueprint(module: Module) -> bool:
    """Whether a module makes a blueprint."""
    calls = [node.func for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return any(isinstance(call, ast.Name) and call.id == "Blueprint" for call in calls)


def list_views(module: Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return the functions that are routes."""
    return [
        function
        for function in list_functions(module.tree)
        for decorator in function.decorator_list
        if isinstance(decorator, ast.Call)
        and isinstance(decorator.func, ast.Attribute)
        and decorator.func.attr in ("route", "get", "post", "put", "patch", "delete")
    ]


def find_mixed_blueprints(modules: list[Module]) -> list[str]:
    """Blueprints stand in the module of their routes, one each, and never import each other."""
    names = {
        module.path.removesuffix(".py").replace("/", ".")
        for module in modules
        if is_blueprint(module)
    }
    mixed = [module.path for module in modules if bool(list_views(module)) != is_blueprint(module)]
    for module in modules:
        taken = {
            f"{source}.{each}"
            for source, imported in list_imports(module.tree)
            for each in imported
        }
        taken |= {source for source, _ in list_imports(module.tree)}
        mixed += [module.path] if is_blueprint(module) and taken & names else []
    return mixed


def find_long_code(module: Module) -> list[str]:
    """Modules, functions and views stay within their sizes."""
    views = {view.name for view in list_views(module)}
    long = [module.path] if module.text.count("\n") > MOST_MODULE_LINES else []
    for function in list_functions(module.tree):
        lines = (function.end_lineno or 0) - function.lineno + 1
        if lines > (MOST_VIEW_LINES if function.name in views else MOST_FUNCTION_LINES):
            long.append(function.name)
    return long


def find_forbidden_names(paths: list[str]) -> list[str]:
    """No file is called after nothing in particular."""
    return [
        path
        for path in paths
        if set(Path(path).stem.strip("_").lower().split("_")) & set(FORBIDDEN_NAMES)
    ]


def find_queries(environment: Environment, template: str) -> list[str]:
    """Templates neither call the database nor reach for it."""
    tree = environment.parse(template)
    calls = [node.attr for node in tree.find_all(nodes.Getattr) if node.attr in QUERYING]
    names = [node.name for node in tree.find_all(nodes.Name)]
    return calls + [
        name for name in names if name in ("session", "db", "database", "get_session", "engine")
    ]
