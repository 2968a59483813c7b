"""Reads the project's Python files: their imports, functions and calls."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

LAYERS = {
    "core": (),
    "store": ("core",),
    "config": ("core", "store"),
    "web": ("core", "store", "config"),
    "server": ("core", "store", "config", "web"),
    "demo": ("core", "store", "config", "web"),
    "cli": ("core", "store", "config", "web", "server", "demo"),
}
"""Each layer, and the layers that it may import besides itself."""


@dataclass(frozen=True)
class Module:
    """One Python file: its path within the project, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of the text."""
        return ast.parse(self.text)

    @property
    def name(self) -> str:
        """The dotted name that other modules import it by."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @property
    def layer(self) -> str:
        """`core`, `store` and so on; empty outside the package and for the package itself."""
        return layer_of(self.name)

    @property
    def room(self) -> str:
        """The folder that the module stands in, dotted."""
        return str(Path(self.path).parent).replace("/", ".")


def layer_of(name: str) -> str:
    """Return the layer of a dotted name, or an empty text."""
    parts = name.split(".")
    is_in_layer = len(parts) > 1 and parts[0] == "fitquiz" and parts[1] in LAYERS
    return parts[1] if is_in_layer else ""


def read_modules(root: Path, *folders: str) -> list[Module]:
    """Return all modules of these folders."""
    paths = [path for folder in folders for path in sorted((root / folder).rglob("*.py"))]
    return [Module(str(path.relative_to(root)), path.read_text("utf-8")) for path in paths]


def list_imports(tree: ast.AST) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield each imported module with the names taken from it; a relative one starts with a dot."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield "." * node.level + (node.module or ""), names


def list_imported_names(tree: ast.AST) -> Iterator[str]:
    """Yield `module.name` for each name that is imported, and the module itself for a bare import."""
    for module, names in list_imports(tree):
        if names:
            yield from (f"{module}.{name}" for name in names)
        else:
            yield module


def list_functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Return every function and method."""
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def list_calls(tree: ast.AST) -> list[str]:
    """Return the name of each function that is called, without what stands before its last dot."""
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    attributes = [call.attr for call in called if isinstance(call, ast.Attribute)]
    names = [call.id for call in called if isinstance(call, ast.Name)]
    return attributes + names


def is_within(module: str, package: str) -> bool:
    """Whether a module is a package or stands in it."""
    return module == package or module.startswith(f"{package}.")
