"""Warnings about the languages of a pack: texts that nobody translated, and languages that nobody sees."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fitquiz.core.languages import LANGUAGES, find_same, list_same
from fitquiz.core.pack_files.faults import FaultList
from fitquiz.core.pack_files.toml_lines import Place
from fitquiz.core.packs import Pack, Words

MIN_WORDS = 4
"""The smallest number of words of a compared text. Shorter texts, for example names, may be equal."""

MAX_LISTED = 5
"""The largest number of untranslated texts of a file that have a warning of their own."""

_NEAR_LANGUAGES = frozenset({"nb", "nn", "no", "da", "sv"})
"""Languages that are so similar that two translations can contain an equal sentence."""

_MIN_NEAR_SHARE = 0.25
"""The smallest share of equal texts for which a file in a near language counts as untranslated."""


def check_languages(pack: Pack, faults: FaultList) -> None:
    """Add a warning for each untranslated text, and for each language that no page shows."""
    earlier: list[str] = []
    for language in pack.languages:
        for original in earlier:
            _check_translation(pack, original, language, faults)
        earlier.append(language)
    for code in LANGUAGES:
        _check_hidden(pack, code, faults)


def _check_translation(
    pack: Pack, earlier: str, language: str, faults: FaultList
) -> None:
    """Add a warning for each text in `language` that is equal to the text in `earlier`."""
    originals = _find_sentences(pack.words[earlier])
    sentences = _find_sentences(pack.words[language])
    equal = []
    for place, text in sentences.items():
        if originals.get(place) == text:
            equal.append(place)

    is_near = {earlier, language} <= _NEAR_LANGUAGES
    enough = _MIN_NEAR_SHARE * len(sentences)
    if is_near and len(equal) < enough:
        return

    file = f"{language}.toml"
    for place in equal[:MAX_LISTED]:
        says = f"is equal to the text in {earlier}.toml."
        faults.add(file, place, says, "Translate the text.", is_warning=True)
    left = len(equal) - MAX_LISTED
    if left > 0:
        says = f"has {left} more texts that are equal to the texts in {earlier}.toml."
        faults.add(file, (), says, "Translate these texts.", is_warning=True)


def _check_hidden(pack: Pack, code: str, faults: FaultList) -> None:
    """Add a warning for each language that pages in the language `code` never show."""
    shown = find_same(code, pack.languages)
    for language in list_same(code, pack.languages):
        if language != shown:
            index = pack.languages.index(language)
            place = ("languages", index)
            says = f"{language} is never shown, because pages in {code} show {shown}."
            remedy = f"Delete {language} or {shown}."
            faults.add("pack.toml", place, says, remedy, is_warning=True)


def _find_sentences(words: Words) -> dict[Place, str]:
    """Return the sentences of a language file by place. Leave out texts that the file repeats."""
    own = dict(words)
    del own["item_labels"]
    sentences = _list_sentences(own)
    return dict(sentences)


def _list_sentences(texts: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Yield the place and the text of each text with at least MIN_WORDS words."""
    if isinstance(texts, str):
        count = len(texts.split())
        if count >= MIN_WORDS:
            yield place, texts
        return

    keys: Iterable[str | int] = range(len(texts))
    if isinstance(texts, Mapping):
        keys = texts
    for key in keys:
        inner_place = (*place, key)
        yield from _list_sentences(texts[key], inner_place)
