"""Completes the texts of a language, so that pages need no rules about labels and stems.

The completed texts have the key `item_labels`, with the labels of the answers to each item. `terms` is
empty if the pack has no own words for statement and role.
If a stem stands above an item, the text of the item begins with the stem and a line feed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from fitquiz.core.packs import Words

LABELLED_ENDS = "ends"
LABELLED_ALL = "all"
LABELLED = (LABELLED_ALL, LABELLED_ENDS)
"""The values of `answers.labelled`.

LABELLED_ALL: a language file has one label for each answer. LABELLED_ENDS: a language file has the
labels of the first and the last answer. The other answers have their number as label.
"""


def complete_words(structure: Mapping[str, Any], words: Mapping[str, Any]) -> Words:
    """Return the texts of a language file with all labels and with the stems of items.

    `structure` is the content of `pack.toml`, and `words` is the content of the language file. Both
    have no faults.
    """
    usual = _complete_labels(structure, words["answers"]["labels"])
    others = {
        name: _complete_labels(structure, labels)
        for name, labels in words.get("labels", {}).items()
    }
    texts = dict(words["items"])
    item_labels = {}
    for item, stem in _list_items(structure):
        item_labels[item["id"]] = others.get(item.get("labels"), usual)
        if stem:
            texts[item["id"]] = f"{words['stems'][stem]}\n{texts[item['id']]}"
    return {
        **words,
        "answers": {**words["answers"], "labels": usual},
        "items": texts,
        "item_labels": item_labels,
        "terms": words.get("terms", {}),
    }


def is_labelled_at_ends(structure: Mapping[str, Any]) -> bool:
    """Return whether a language file has only the labels of the first and the last answer."""
    answers = structure.get("answers")
    if not isinstance(answers, dict):
        return False
    labelled = answers.get("labelled")
    return bool(labelled == LABELLED_ENDS)


def _complete_labels(structure: Mapping[str, Any], labels: Sequence[str]) -> list[str]:
    """Return one label for each answer. If only the ends have labels, each label has a number."""
    if not is_labelled_at_ends(structure):
        return list(labels)
    first, last = labels
    points = structure["answers"]["points"]
    numbers = range(2, points)
    between = list(map(str, numbers))
    return [
        f"1: {first}",
        *between,
        f"{points}: {last}",
    ]


def _list_items(
    structure: Mapping[str, Any],
) -> Iterator[tuple[Mapping[str, Any], str | None]]:
    """Yield each item with the name of its stem."""
    blocks = structure["blocks"]
    modules = structure.get("modules", [])
    for group in blocks + modules:
        stem = group.get("stem")
        for item in group["items"]:
            yield item, stem
