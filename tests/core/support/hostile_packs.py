"""Packs that could break the reader: too large, too deep, with wrong types, or without regular files."""

import contextlib
import os
import re
import socket
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.core.support.hostile_values import IDS, NUMBERS, SCRIPT, VALUES
from tests.core.support.pack_building import change, write_files, write_full_files

WAS_HERE = Path(tempfile.gettempdir(), f"fitquiz-was-here-{os.getpid()}")
"""A file that exists only if the code in a pack was run."""
FULL = write_full_files()
Write = Callable[[Path], object]


@dataclass(frozen=True)
class Hostile:
    """A hostile pack. `write` writes the pack into an empty folder."""

    name: str
    write: Write


def list_hostile() -> list[Hostile]:
    """Return all hostile packs, always in the same order."""
    texts = {
        **dict(_with_sizes()),
        **dict(_with_depths()),
        **dict(_with_numbers()),
        **dict(_with_types()),
        **dict(_with_ids()),
    }
    named = [Hostile(name, _writer(files)) for name, files in texts.items()]
    return [*named, *(Hostile(name, write) for name, write in (*_with_bytes(), *_with_links()))]


def _writer(files: Mapping[str, str | bytes]) -> Write:
    def write(folder: Path) -> None:
        for name, content in files.items():
            (folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

    return write


def _added(text: str, name: str = "pack.toml") -> dict[str, str]:
    return {**FULL, name: text + "\n" + FULL[name]}


def _with_sizes() -> Iterator[tuple[str, Mapping[str, str]]]:
    items = ",".join(f'{{ id = "i-{at}", trait = "calm", keyed = "plus" }}' for at in range(8000))
    yield "a million zeros in a list", _added(f"zeros = [{'0,' * 1_000_000}]")
    yield "many zeros in a list that is short enough", _added(f"zeros = [{'0,' * 190_000}]")
    yield "a string of ten million", _added(f'title = "{"x" * 10_000_000}"')
    yield "a comment of 390,000", _added("#" * 390_000)
    yield (
        "eight thousand items in a block",
        {
            **FULL,
            "pack.toml": FULL["pack.toml"] + f'[[blocks]]\nform="standard"\nitems=[{items}]\n',
        },
    )
    yield "thirty thousand unknown keys", _added("\n".join(f"k{at} = 1" for at in range(30_000)))
    yield (
        "thirty thousand unknown words",
        _added("\n".join(f"k{at} = 1" for at in range(30_000)), "en.toml"),
    )
    yield "unknown items beside thousands of known ones", _with_many_items()
    yield (
        "twenty thousand traits",
        {**FULL, "pack.toml": FULL["pack.toml"] + '[[traits]]\nid = "calm"\n' * 15_000},
    )
    yield (
        "twenty thousand blocks",
        {**FULL, "pack.toml": FULL["pack.toml"] + "[[blocks]]\n" * 30_000},
    )
    yield (
        "ten thousand tables",
        _added("")
        | {"pack.toml": FULL["pack.toml"] + "".join(f"[t{at}]\n" for at in range(30_000))},
    )
    yield "five thousand files", FULL | {f"l{at}.toml": "title = 1" for at in range(5000)}
    yield (
        "a hundred full languages",
        FULL | {f"x{at}.toml": FULL["en.toml"] + "#" * 390_000 for at in range(100)},
    )
    yield (
        "a hundred languages named",
        {**change(FULL, "pack.toml", "['en', 'nb']", str([f"l{at}" for at in range(100)]))},
    )
    yield "many quotes", _added("a = '''" + "''x" * 100_000 + "'''")
    yield "many double quotes", _added('a = """' + '""x' * 100_000 + '"""')
    yield "many backslashes", _added('a = "' + "\\\\" * 190_000 + '"')
    yield "many escapes", _added('a = "' + "\\u0041" * 60_000 + '"')
    yield "many empty lines", _added("\n" * 390_000)
    yield "many carriage returns", _added("\r\n" * 190_000)
    yield "one long key", _added("k" * 390_000 + " = 1")
    yield "one long quoted key", _added('"' + "k" * 390_000 + '" = 1')


def _with_many_items() -> dict[str, str]:
    blocks = [" ".join(["calm+"] * 100)] * 60
    files = write_files(blocks)
    return {
        **files,
        "en.toml": files["en.toml"] + "\n".join(f'calm-x{at} = "x"' for at in range(10_000)),
    }


def _with_depths() -> Iterator[tuple[str, Mapping[str, str]]]:
    for depth in (100, 900, 5000, 100_000):
        yield f"lists {depth} deep", _added("a = " + "[" * depth + "]" * depth)
        yield f"tables {depth} deep", _added("a = " + "{a=" * depth + "1" + "}" * depth)
        yield f"a key of {depth} steps", _added(".".join("a" * depth) + " = 1")
        yield (
            f"a table of {depth} steps",
            {**FULL, "pack.toml": f"{FULL['pack.toml']}[{'.'.join('a' * depth)}]\n"},
        )
        yield f"lists never closed, {depth}", _added("a = " + "[" * depth)
    steps = ".".join("a" * 900)
    yield (
        "two hundred tables of many steps",
        {
            **FULL,
            "pack.toml": FULL["pack.toml"] + "".join(f"[{steps}.b{at}]\n" for at in range(200)),
        },
    )
    yield (
        "two hundred keys of many steps",
        _added("\n".join(f"{steps}.b{at} = 1" for at in range(200))),
    )
    yield (
        "lists of tables in lists of tables",
        {
            **FULL,
            "pack.toml": FULL["pack.toml"]
            + "".join(f"[[{'.'.join('a' * depth)}]]\n" for depth in range(1, 800)),
        },
    )


def _with_numbers() -> Iterator[tuple[str, Mapping[str, str]]]:
    pack = FULL["pack.toml"]
    for number in NUMBERS:
        short = number[:12]
        yield (
            f"points {short} {len(number)}",
            change(FULL, "pack.toml", "points = 5", f"points = {number}"),
        )
        yield (
            f"a weight of {short} {len(number)}",
            change(FULL, "pack.toml", "weight = 1", f"weight = {number}"),
        )
        for key in ("item_sd", "band", "clear", "both_from", "neither_to", "least_answered"):
            old = re.search(rf"{key} = .*", pack)
            assert old
            yield (
                f"{key} {short} {len(number)}",
                change(FULL, "pack.toml", old[0], f"{key} = {number}"),
            )


def _with_types() -> Iterator[tuple[str, Mapping[str, str]]]:
    chance = Random(12)
    for name in ("pack.toml", "en.toml"):
        lines = [line for line in FULL[name].split("\n") if re.match(r"[\w.-]+ = .*[^\[]$", line)]
        for line in dict.fromkeys(lines):
            key, value = line.partition(" = ")[0], chance.choice(VALUES)
            yield f"{name}: {key} is {value}", change(FULL, name, line, f"{key} = {value}")
    for value in VALUES:
        for key in (
            "traits",
            "blocks",
            "modules",
            "rule",
            "answers",
            "languages",
            "items",
            "aspects",
        ):
            rest = re.sub(rf"(?ms)^\[+{key}\].*?(?=^\[|\Z)|^{key} =.*?$", "", FULL["pack.toml"])
            if chance.random() < 0.3:
                yield f"all of {key} is {value}", {**FULL, "pack.toml": f"{key} = {value}\n{rest}"}


def _with_ids() -> Iterator[tuple[str, Mapping[str, str]]]:
    for value in IDS:
        yield (
            f"the pack is called {value[:20]}",
            change(FULL, "pack.toml", '"sample"', f'"{value}"'),
        )
        yield (
            f"a trait is called {value[:20]}",
            change(FULL, "pack.toml", 'id = "calm"', f'id = "{value}"'),
        )
        yield (
            f"a language is called {value[:20]}",
            change(FULL, "pack.toml", "['en', 'nb']", f'["en", "{value}"]'),
        )
        yield f"an item is called {value[:20]}", change(FULL, "pack.toml", '"calm-1"', f'"{value}"')
    for text in (
        SCRIPT,
        '"><svg onload=1>'.replace('"', '\\"'),
        "{{7*7}}",
        "%(x)s",
        "\\u202ex",
        "\\u0007",
        "=1+1",
        "\\u2028",
    ):
        yield (
            f"every word is {text[:20]}",
            {
                **FULL,
                "en.toml": re.sub(r'"[^"]*"', f'"{text}"'.replace("\\", r"\\"), FULL["en.toml"]),
            },
        )
        yield f"the source is {text[:20]}", change(FULL, "pack.toml", "Written for a test.", text)
    yield "a key twice", _added('id = "again"')
    yield "a table twice", {**FULL, "pack.toml": FULL["pack.toml"] + "[rule]\n"}
    yield "nothing in it", {"pack.toml": "", "en.toml": ""}
    yield "words alone", {"en.toml": FULL["en.toml"], "pack.toml": "languages = ['en']"}


def _with_bytes() -> Iterator[tuple[str, Write]]:
    chance = Random(12)
    pack = FULL["pack.toml"].encode()
    contents = {
        "random bytes": chance.randbytes(50_000),
        "UTF-16": FULL["pack.toml"].encode("utf-16"),
        "a byte order mark": b"\xef\xbb\xbf" + pack,
        "NUL bytes": b"\0" * 10_000,
        "half a letter": pack + b"# \xc3",
        "a surrogate": pack + b"# \xed\xa0\x80",
        "an overlong slash": pack + b'# "\xc0\xaf"',
        "ELF": b"\x7fELF" + bytes(1000),
        "gzip": b"\x1f\x8b\x08" + chance.randbytes(1000),
        "a lone return": pack.replace(b"\n", b"\r"),
        "a control character": pack + b'a = "\x07"',
        "code": f"__import__('os').system('touch {WAS_HERE}')".encode(),
        "YAML code": f"!!python/object/apply:os.system ['touch {WAS_HERE}']".encode(),
    }
    for name, content in contents.items():
        yield name, _writer({**FULL, "pack.toml": content})
        yield f"{name} for words", _writer({**FULL, "en.toml": content})


def _with_links() -> Iterator[tuple[str, Write]]:
    """Yield packs with special files or links. A file with holes contains two thousand million zeros."""

    def put(name: str, deed: Callable[[Path], object]) -> Write:
        def write(folder: Path) -> None:
            _writer({other: text for other, text in FULL.items() if other != name})(folder)
            deed(folder / name)

        return write

    for name in ("pack.toml", "en.toml", "nb.toml"):
        yield f"{name} is /etc/passwd", put(name, lambda path: path.symlink_to("/etc/passwd"))
        yield f"{name} is /dev/zero", put(name, lambda path: path.symlink_to("/dev/zero"))
        yield f"{name} is itself", put(name, lambda path: path.symlink_to(path))
        yield f"{name} is nowhere", put(name, lambda path: path.symlink_to("nowhere"))
        yield f"{name} is a pipe", put(name, os.mkfifo)
        yield f"{name} is a folder", put(name, Path.mkdir)
        yield f"{name} is a socket", put(name, _bind)
        yield f"{name} is all holes", put(name, _leave_holes)


def _leave_holes(path: Path) -> None:
    path.touch()
    os.truncate(path, 2_000_000_000)


def _bind(path: Path) -> None:
    # The path of a socket must be short.
    with contextlib.chdir(path.parent), socket.socket(socket.AF_UNIX) as end:
        end.bind(path.name)
