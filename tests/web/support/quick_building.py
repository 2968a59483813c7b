"""Makes all apps of a run after the first app quick to build. The apps share no state.

Most of the time to build an app goes into functions without other effects: werkzeug parses and compiles the
routes, and `examine_pack` reads packs. With equal arguments, these functions have equal results. Here
each result is computed once.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from werkzeug.routing import Rule

from fitquiz.core.pack_files.reading import examine_pack

_EXAMINE = "fitquiz.web.site.installed_packs.examine_pack"
"""The function `examine_pack`, by the name with which the app calls the function."""


@contextmanager
def building_quickly() -> Iterator[None]:
    """Compile each route once, and read each text of a pack once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_parse_rule", _parse_once(Rule._parse_rule))
        patch.setattr(Rule, "_compile_builder", _compile_once(Rule._compile_builder))
        patch.setattr(_EXAMINE, _examine_once(examine_pack))
        yield


def _parse_once(parse_anew: Callable[..., Any]) -> Callable[..., Any]:
    parsed: dict[str, Any] = {}

    def parse_rule(rule: Rule, text: str) -> Any:
        if text not in parsed:
            before, known = len(rule._trace), set(rule._converters)
            parts = tuple(parse_anew(rule, text))
            new = {name: each for name, each in rule._converters.items() if name not in known}
            parsed[text] = parts, rule._trace[before:], new
            return parts
        parts, trace, converters = parsed[text]
        rule._trace.extend(trace)
        rule._converters.update(converters)
        rule.arguments.update(converters)
        return parts

    return parse_rule


def _compile_once(compile_anew: Callable[..., Any]) -> Callable[..., Any]:
    compiled: dict[object, Any] = {}

    def compile_builder(rule: Rule, append_unknown: bool = True) -> Any:
        # A default value goes through a converter, and the converter belongs to one app.
        if rule.defaults:
            return compile_anew(rule, append_unknown)
        key = (rule.rule, tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_anew(rule, append_unknown)
        return compiled[key]

    return compile_builder


def _examine_once(examine_anew: Callable[..., Any]) -> Callable[..., Any]:
    examined: dict[object, Any] = {}

    def examine(files: Mapping[str, str]) -> Any:
        key = tuple(files.items())
        if key not in examined:
            examined[key] = examine_anew(files)
        return examined[key]

    return examine
