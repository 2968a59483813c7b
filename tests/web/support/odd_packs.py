"""Packs that use the pack format in an unusual way. Each pack shows one possibility."""

from collections.abc import Mapping

from tests.core.support.pack_building import change, write_files

LANGUAGES = ("en", "nb", "nn")
PROFILE = {"calm": ("back", 1.0), "bold": ("back", 1.0), "keen": ("back", 1.0)}
UNEQUAL = {"calm": ("back", 2.0), "slow": ("back", 1.0), "bold": ("front", 1.0)}


def write_odd_packs() -> dict[str, Mapping[str, str]]:
    """Return the files of each odd pack by a name that says what is odd."""
    return {
        "a small pack of the old format": write_files(languages=LANGUAGES),
        "only Bokmål": write_files(languages=("nb",)),
        "a language that no page has": write_files(languages=("de",)),
        "labels on the ends": _label_ends(7),
        "labels on the ends, two points": _label_ends(2),
        "two points": write_files(points=2, languages=LANGUAGES),
        "eleven points": write_files(points=11, languages=LANGUAGES),
        "no poles": _remove_poles(PROFILE),
        "no poles, one trait": _remove_poles({"calm": ("back", 1.0)}),
        "one item": _remove_poles({"calm": ("back", 1.0)}, ["calm+"]),
        "unequal weights": write_files(
            ["calm+ slow+ bold+", "calm- slow- bold-"], UNEQUAL, languages=LANGUAGES
        ),
        "any answer is enough": write_files(languages=LANGUAGES, least_answered=0),
        "modules of one item": write_files(
            modules={"leading": ("on-request", "lead+"), "more": ("on-request", "-")},
            sharpening=["calm+"],
            languages=LANGUAGES,
        ),
        "no minus items": write_files(["calm+ bold+"] * 2, languages=LANGUAGES),
    }


def _remove_poles(
    traits: Mapping[str, tuple[str, float]], blocks: list[str] | None = None
) -> dict[str, str]:
    """Return the files of a pack without poles. Each trait has a plus and a minus item, unless `blocks` says more."""
    signs = ("+", "-")
    items = [" ".join(f"{trait}{sign}" for trait in traits) for sign in signs]
    files = write_files(blocks or items, traits, languages=LANGUAGES)
    return {name: _drop_poles(text) for name, text in files.items()}


def _drop_poles(text: str) -> str:
    left_out = (
        "poles",
        "pole ",
        "weight",
        "suggestions",
        "band",
        "clear",
        "both_from",
        "neither_to",
    )
    lines = [line for line in text.split("\n") if not line.startswith(left_out)]
    return "\n".join(lines)


def _label_ends(points: int) -> dict[str, str]:
    files = write_files(points=points, languages=LANGUAGES)
    points_now = f"answers = {{ points = {points} }}"
    at_ends = f'answers = {{ points = {points}, labelled = "ends", does_not_apply = true }}'
    files = change(files, "pack.toml", points_now, at_ends)
    for language in LANGUAGES:
        name = f"{language}.toml"
        labels = [f"point {number}" for number in range(points)]
        files = change(files, name, str(labels), str(["Never", "Always"]))
    return files
