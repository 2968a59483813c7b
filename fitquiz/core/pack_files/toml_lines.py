"""A scanner that finds the line of every key and every list element in a TOML text.

Python's parser `tomllib` does not return the lines of keys. Use the scanner only for texts that
`tomllib` has parsed, because the scanner expects valid TOML.
"""

import re
from collections.abc import Mapping, Sequence

Place = tuple[str | int, ...]
"""The keys and indexes that lead to a value in a TOML file. Each key or index is one step."""

_STRING = (
    r"""\"{3}(?:\\.|[^\\])*?\"{3,}|'{3}.*?'{3,}|\"(?:\\.|[^\"\\\n])*\"|'[^'\n]*'"""
)
_TIME = r"\d{4}-\d\d-\d\d \d\d:[\d:.+-]+"
_TOKEN = re.compile(
    rf"{_STRING}|{_TIME}|[^\s\[\]{{}}=,#\"']+|[\[\]{{}}=,\n]", re.DOTALL
)
_MAX_DEPTH = 20
"""The scanner adds no more keys to a place that has this number of steps.

All places in a valid pack have fewer steps.
"""
_COMMENT_OR_STRING = re.compile(rf"({_STRING})|#[^\n]*", re.DOTALL)


def find_lines(text: str) -> Mapping[Place, int]:
    """Return the line of each place in a TOML text. The first line is line 1.

    For example, the place ("blocks", 0, "items", 2) is the third item of the first block.
    """
    with_line_feeds = text.replace("\r\n", "\n")
    without_comments = _COMMENT_OR_STRING.sub(_keep_string, with_line_feeds)
    return _Scanner(without_comments).lines


def _keep_string(match: re.Match[str]) -> str:
    """Return the unchanged string if `match` is a string. Return an empty text if `match` is a comment."""
    return match.group(1) or ""


def _split_tokens(text: str) -> list[tuple[str, int]]:
    """Return each token with its line.

    The function counts only the line ends between two tokens. Counting from the start of the text
    for each token would be slow for a long file.
    """
    tokens = []
    line = 1
    counted = 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        tokens.append((match.group(), line))
    return tokens


class _Scanner:
    """A scanner that reads each token once. `lines` contains the line of each place."""

    def __init__(self, text: str) -> None:
        self.lines: dict[Place, int] = {}
        self._tokens = _split_tokens(text)
        self._at = 0
        self._tables: dict[Place, int] = {}
        here: Place = ()
        while self._at < len(self._tokens):
            if self._skip("\n"):
                continue
            if self._peek() == "[":
                here = self._read_header()
            else:
                self._read_pair(here)

    def _peek(self) -> str:
        if self._at >= len(self._tokens):
            return ""
        token, _line = self._tokens[self._at]
        return token

    def _skip(self, *texts: str) -> bool:
        token = self._peek()
        if not token or token not in texts:
            return False
        self._at += 1
        return True

    def _read_names(self) -> tuple[str, ...]:
        names: list[str] = []
        while self._peek() not in ("=", "]", "\n", ""):
            token = self._peek()
            if token[0] in "\"'":
                names.append(token[1:-1])
            else:
                names += [name for name in token.split(".") if name]
            self._at += 1
        return tuple(names)

    def _read_key(self, base: Place) -> Place:
        line = self._tokens[self._at][1]
        return self._enter(base, self._read_names(), line)

    def _enter(self, place: Place, names: Sequence[str], line: int) -> Place:
        for name in names:
            if len(place) >= _MAX_DEPTH:
                break
            place = (*place, name)
            if place in self._tables:
                place = (*place, self._tables[place])
            self.lines.setdefault(place, line)
        return place

    def _read_header(self) -> Place:
        line = self._tokens[self._at][1]
        self._skip("[")
        is_array = self._skip("[")
        if is_array:
            *outer, last = self._read_names()
            place: Place = (*self._enter((), outer, line), last)
            self._tables[place] = self._tables.get(place, -1) + 1
            self.lines.setdefault(place, line)
            place = (*place, self._tables[place])
            self.lines[place] = line
        else:
            place = self._read_key(())
        while self._skip("]"):
            pass
        return place

    def _read_pair(self, base: Place) -> None:
        place = self._read_key(base)
        if self._skip("="):
            self._read_value(place)
        else:
            self._at += 1

    def _read_value(self, place: Place) -> None:
        if self._skip("["):
            index = 0
            while self._peek() and not self._skip("]"):
                if self._skip("\n", ","):
                    continue
                self.lines[(*place, index)] = self._tokens[self._at][1]
                self._read_value((*place, index))
                index += 1
        elif self._skip("{"):
            while self._peek() and not self._skip("}"):
                if not self._skip("\n", ","):
                    self._read_pair(place)
        else:
            self._at += 1
