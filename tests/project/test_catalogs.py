"""Every text of the templates is translated, and no sentence of the taking pages is long."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, nodes

from fitquiz.core.languages import LANGUAGES

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CATALOG = ROOT / "fitquiz" / "web" / "site" / "catalogs" / "nb.po"
TAKING = (
    "quiz/begin.html",
    "quiz/item.html",
    "quiz/check.html",
    "quiz/info/start.html",
    "quiz/info/_who_sees.html",
    "quiz/info/privacy.html",
    "quiz/keeping/",
    "errors/",
    "results/",
)
OPTIONS = {"newstyle_gettext": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
BRANDS = {"Fitquiz", "CSV", "JSON", "UTC"}
FORMATTED = '{{ _("a %s" % b) }}{{ _("a" ~ b) }}{{ _(text) }}{{ ngettext("a", many, 2) }}{{ gettext("a"|upper) }}'


def extract(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the strings of a template, each with its plural if it has one."""
    for _line, found, _comments, _context in extract_from_file(
        "jinja2.ext:babel_extract", path, options=OPTIONS
    ):
        yield (found,) if isinstance(found, str) else tuple(found)


def read_catalog() -> Catalog:
    with CATALOG.open("rb") as file:
        return read_po(file, locale="nb", abort_invalid=True)


def list_messages() -> list[Message]:
    return [message for message in read_catalog() if message.id]


def as_tuple(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ("",))


def find_long_sentences(text: str) -> list[str]:
    return [
        sentence for sentence in re.split(r"(?<=[.!?:;])\s+", text) if len(sentence.split()) > 25
    ]


def find_formatted(environment: Environment, template: str) -> list[nodes.Call]:
    """Return calls of gettext whose texts are not written out, so that no catalog could know them."""
    calls = environment.parse(template).find_all(nodes.Call)
    texts = {"_": 1, "gettext": 1, "ngettext": 2}
    named = [
        (call, texts.get(call.node.name, 0)) for call in calls if isinstance(call.node, nodes.Name)
    ]
    return [
        call
        for call, most in named
        if any(not isinstance(text, nodes.Const) for text in call.args[:most])
    ]


def find_bare_words(template: str) -> set[str]:
    """Return the words of a template that stand outside every expression and tag."""
    without = re.sub(r"(?s){#.*?#}|{%.*?%}|{{.*?}}", "", template)
    return set(re.findall(r"[^\W\d_]{2,}", re.sub(r"(?s)<[^>]*>|&\w+;", " ", without)))


EXTRACTED = {path: list(extract(path)) for path in TEMPLATES}
USED = {texts for found in EXTRACTED.values() for texts in found}


def test_strings_are_found_in_the_templates() -> None:
    assert len(USED) > 100
    assert ("Skip this one",) in USED


def test_every_string_is_translated() -> None:
    translated = {
        as_tuple(message.id) for message in list_messages() if all(as_tuple(message.string))
    }
    assert USED - translated == set()


def test_no_translation_is_unused_obsolete_or_fuzzy() -> None:
    assert {as_tuple(message.id) for message in list_messages()} - USED == set()
    assert dict(read_catalog().obsolete) == {}
    assert [message.id for message in list_messages() if message.fuzzy] == []


def test_no_string_is_translated_twice() -> None:
    entries = len(re.findall(r"(?m)^msgid ", CATALOG.read_text("utf-8")))
    assert entries == len(list_messages()) + 1


def test_translations_have_the_placeholders_of_their_strings() -> None:
    for message in list_messages():
        expected = set(PLACEHOLDER.findall(as_tuple(message.id)[-1]))
        assert [set(PLACEHOLDER.findall(text)) for text in as_tuple(message.string)] == [
            expected
        ] * len(as_tuple(message.string)), message.id


def test_every_percent_sign_belongs_to_a_placeholder() -> None:
    texts = [
        text
        for message in list_messages()
        for text in (*as_tuple(message.id), *as_tuple(message.string))
    ]
    assert [text for text in texts if "%" in PLACEHOLDER.sub("", text).replace("%%", "")] == []


def test_translations_end_as_their_strings_do() -> None:
    pairs = [
        (as_tuple(message.id)[-1], as_tuple(message.string)[-1]) for message in list_messages()
    ]
    assert [pair for pair in pairs if (pair[0][-1] in ".?:") != (pair[1][-1] in ".?:")] == []


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_texts_are_written_out_where_they_are_translated(app: Flask, path: Path) -> None:
    assert find_formatted(app.jinja_env, path.read_text("utf-8")) == []


def test_a_text_that_is_put_together_is_caught(app: Flask) -> None:
    assert len(find_formatted(app.jinja_env, FORMATTED)) == 5


@pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates"))
)
def test_no_word_of_a_template_goes_past_the_catalog(path: Path) -> None:
    assert find_bare_words(path.read_text("utf-8")) - BRANDS == set()


def test_a_word_past_the_catalog_is_caught() -> None:
    assert find_bare_words('<p class="lead">{{ _("Good") }} Hello &amp; CSV {# note #}</p>') == {
        "Hello",
        "CSV",
    }


def test_no_sentence_of_the_taking_pages_has_more_than_25_words() -> None:
    taking = {
        path: found
        for path, found in EXTRACTED.items()
        if str(path).partition("templates/")[2].startswith(TAKING)
    }
    english = {texts for found in taking.values() for texts in found}
    norwegian = [
        as_tuple(message.string) for message in list_messages() if as_tuple(message.id) in english
    ]
    assert len(english) > 60
    long = [find_long_sentences(text) for texts in (*english, *norwegian) for text in texts]
    assert [sentence for found in long for sentence in found] == []


def test_a_long_sentence_is_caught() -> None:
    assert find_long_sentences("Short. " + "word " * 26) == ["word " * 26]


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_catalog_translates_the_strings_of_the_pages(language: str) -> None:
    with (CATALOG.parent / f"{language}.po").open("rb") as file:
        catalog = read_po(file, abort_invalid=True)
    translated = {as_tuple(each.id) for each in catalog if each.id and all(as_tuple(each.string))}
    assert translated == USED
    assert str(catalog.locale) == language
