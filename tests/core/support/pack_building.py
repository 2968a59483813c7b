"""Builds small packs from short texts, so that an example in a test needs only one or two lines.

Items have a short form: "calm+ calm- bold+" is one block of three items, whose ids are calm-1, calm-2 and bold-1.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from fitquiz.core.pack_files.reading import examine_pack, read_pack
from fitquiz.core.packs import STANDARD, Pack
from fitquiz.core.result.fit import Outcome, suggest_role
from fitquiz.core.result.scoring import Answers, Score, score_traits

Traits = Mapping[str, tuple[str, float]]
"""Each trait's pole and weight."""
Modules = Mapping[str, tuple[str, str]]
"""For each module, who answers the module, and its items in short form. An item without a scale is "-"."""

TWO: Traits = {"calm": ("back", 1), "bold": ("front", 1)}
SIX: dict[str, tuple[str, float]] = {
    name: (pole, 1) for pole, names in {"back": "abc", "front": "xyz"}.items() for name in names
}
ODD_BLOCK, EVEN_BLOCK = "a+ b- c+ x- y+ z-", "a- b+ c- x+ y- z+"
SIX_BLOCKS = (ODD_BLOCK, EVEN_BLOCK, ODD_BLOCK, EVEN_BLOCK)
UNDECIDED = ("versatile", "neither", "too-close")
PHRASES = (
    "meaning",
    "high",
    "middle",
    "low",
    "strength_high",
    "strength_low",
    "use_high",
    "use_low",
)


def write_files(
    blocks: Sequence[str] = ("calm+ bold-", "calm- bold+"),
    traits: Traits = TWO,
    sharpening: Sequence[str] = (),
    modules: Modules | None = None,
    aspects: Mapping[str, str] | None = None,
    languages: Sequence[str] = ("en",),
    points: int = 5,
    **rule: Any,
) -> dict[str, str]:
    """Return the texts of a pack's files. `rule` changes numbers of the rule."""
    numbers = {
        "item_sd": 25,
        "band": 1,
        "clear": 2,
        "both_from": 60,
        "neither_to": 40,
        "least_answered": 0.5,
    } | rule
    counter = Counter[str]()
    lines = [
        "format = 1",
        'id = "sample"',
        'version = "1"',
        'licence = "CC0-1.0"',
        'source = "Written for a test."',
    ]
    lines += [
        f"languages = {list(languages)}",
        "answers = { points = " + str(points) + " }",
        "[rule]",
    ]
    lines += [
        "poles = ['back', 'front']",
        "calibrated = false",
        *(f"{key} = {n}" for key, n in numbers.items()),
    ]
    for trait, (pole, weight) in traits.items():
        lines += ["[[traits]]", f'id = "{trait}"', f'pole = "{pole}"', f"weight = {weight}"]
    for aspect, trait in (aspects or {}).items():
        lines += ["[[aspects]]", f'id = "{aspect}"', *([f'trait = "{trait}"'] if trait else [])]
    for form, block in [
        *((STANDARD, each) for each in blocks),
        *(("sharpening", each) for each in sharpening),
    ]:
        lines += ["[[blocks]]", f'form = "{form}"', *_write_items(block, "trait", counter)]
    for module, (asked, items) in (modules or {}).items():
        lines += [
            "[[modules]]",
            f'id = "{module}"',
            f'asked = "{asked}"',
            f"scales = {list_scales(items)}",
        ]
        lines += _write_items(items, "scale", counter)
    words = _write_words(traits, aspects or {}, modules or {}, counter, points)
    return {"pack.toml": "\n".join(lines) + "\n"} | {
        f"{language}.toml": words if language == languages[0] else _translate(words, language)
        for language in languages
    }


def write_files_without_poles() -> dict[str, str]:
    """Return the files of a pack without poles and with one trait."""
    files = write_files(["calm+ calm-"], {"calm": ("back", 1)})
    poles = [
        line
        for line in files["pack.toml"].split("\n")
        if line.startswith(("poles", "pole", "weight"))
    ]
    for line in poles:
        files["pack.toml"] = files["pack.toml"].replace(line + "\n", "")
    words = files["en.toml"].split("\n")
    files["en.toml"] = "\n".join(
        line for line in words if not line.startswith(("poles", "suggestions"))
    )
    return files


def build_pack(
    blocks: Sequence[str] = ("calm+ bold-", "calm- bold+"),
    traits: Traits = TWO,
    sharpening: Sequence[str] = (),
    modules: Modules | None = None,
    points: int = 5,
    **rule: Any,
) -> Pack:
    """Return a pack of these blocks, with a back and a front pole."""
    return read_pack(write_files(blocks, traits, sharpening, modules, points=points, **rule))


def build_six(sharpening: int = 0, **rule: Any) -> Pack:
    """Return a pack like the shipped pack: six traits, four blocks of six items, and `sharpening` more blocks."""
    return build_pack(SIX_BLOCKS, SIX, SIX_BLOCKS[:sharpening], **rule)


def build_with_own_sd(**item_sds: str) -> Pack:
    """Return a pack like that of `build_six`, in which some traits have an own standard error of one answer."""
    files = write_files(SIX_BLOCKS, SIX)
    for trait, item_sd in item_sds.items():
        line = f'id = "{trait}"\n'
        files = change(files, "pack.toml", line, f"{line}item_sd = {item_sd}\n")
    return read_pack(files)


def write_full_files() -> dict[str, str]:
    """Return the files of a balanced pack in two languages with every possible part."""
    return write_files(
        ["calm+ bold-", "calm- bold+"],
        TWO,
        ["calm+ bold-", "calm- bold+"],
        {"leading": ("on-request", "lead+ help-"), "rules": ("campaign", "-")},
        {"hours": "calm", "dress": ""},
        ("en", "nb"),
    )


def answer(**given: Sequence[int | None]) -> dict[str, int | None]:
    """Return answers by item id: calm=[4, None] answers calm-1 with 4 and leaves calm-2 out."""
    return {
        f"{trait}-{number}": each
        for trait, answers in given.items()
        for number, each in enumerate(answers, 1)
    }


def answer_alike(pack: Pack, given: int) -> dict[str, int | None]:
    """Return the same answer to every item."""
    return dict.fromkeys(pack.items, given)


def find_scores(pack: Pack, answers: Answers) -> dict[str, Score]:
    """Return the scores of the standard form by trait."""
    return {score.id: score for score in score_traits(pack, answers, (STANDARD,))}


def find_outcome(pack: Pack, answers: Answers, parts: Sequence[str] = (STANDARD,)) -> Outcome:
    """Return the outcome. The answers must give an outcome."""
    outcome = suggest_role(pack, score_traits(pack, answers, parts))
    assert outcome is not None
    return outcome


def list_faults(files: Mapping[str, str]) -> list[str]:
    """Return the printed text of every fault and every warning."""
    return [str(fault) for fault in examine_pack(files)[1]]


def change(
    files: Mapping[str, str], name: str, old: str, new: str, count: int = 1
) -> dict[str, str]:
    """Return the files with a passage of one of them written differently."""
    assert old in files[name], f"{old!r} does not stand in {name}"
    return {**files, name: files[name].replace(old, new, count)}


def refuse(files: Mapping[str, str], name: str, old: str, new: str) -> str:
    """Return the one fault of files with a passage written differently; file and line of that are written @."""
    changed = change(files, name, old, new)
    pack, faults = examine_pack(changed)
    assert pack is None
    assert len(faults) == 1, faults
    return str(faults[0]).replace(f"{name}:{find_line(changed[name], new)}: ", "@ ")


def find_line(text: str, passage: str) -> int:
    """Return the number of the first line that contains a passage. The first line of a text is 1."""
    return text[: text.index(passage)].count("\n") + 1


def list_scales(items: str) -> list[str]:
    """Return the scales of items in short form."""
    return list(dict.fromkeys(item[:-1] for item in items.split() if item != "-"))


def _translate(words: str, language: str) -> str:
    return words.replace(" here.", f" here in {language}.")


def _write_items(items: str, key: str, counter: Counter[str]) -> list[str]:
    lines = ["items = ["]
    for item in items.split():
        name = item[:-1] or "free"
        counter[name] += 1
        direction = "plus" if item[-1] == "+" else "minus"
        keyed = f', {key} = "{name}", keyed = "{direction}"' if item[:-1] else ""
        lines.append(f'  {{ id = "{name}-{counter[name]}"{keyed} }},')
    return [*lines, "]"]


def _write_words(
    traits: Traits,
    aspects: Mapping[str, str],
    modules: Modules,
    counter: Mapping[str, int],
    points: int,
) -> str:
    poles = ("back", "front")
    lines = ['title = "Sample"', 'summary = "A sample."', 'caveat = "Not a test."']
    lines += [f"answers.labels = {[f'point {number}' for number in range(points)]}"]
    lines += [
        f'poles.{pole} = {{ name = "{pole}", short = "{pole}", about = "The {pole}." }}'
        for pole in poles
    ]
    for name in (*poles, *UNDECIDED):
        clearly = ', clearly = "Clearly so."' if name in poles else ""
        lines.append(
            f'suggestions.{name} = {{ headline = "{name}", text = "So.", next = ["Rest."]{clearly} }}'
        )
    for name, trait in aspects.items():
        keys = ("name", *poles, *(("high", "middle", "low") if trait else ()))
        pairs = ", ".join(f'{key} = "So."' for key in keys)
        lines.append(f"aspects.{name} = {{ {pairs} }}")
    for trait in traits:
        lines += [
            f"[traits.{trait}]",
            f'name = "{trait}"',
            *(f'{phrase} = "{phrase} {trait}"' for phrase in PHRASES),
        ]
    for module, (_, items) in modules.items():
        lines += [f"[modules.{module}]", f'name = "{module}"', 'about = "More."']
        for scale in list_scales(items):
            practise = 'practise = { back = "Try.", front = "Try." }'
            lines.append(
                f'scales.{scale} = {{ name = "{scale}", high = "H.", middle = "M.", low = "L.", {practise} }}'
            )
    lines.append("[items]")
    lines += [
        f'{name}-{number + 1} = "I am {name} here."'
        for name in counter
        for number in range(counter[name])
    ]
    return "\n".join(lines) + "\n"
