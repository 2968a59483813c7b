"""Every text of the templates is translated, and one thing has one word in Norwegian."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from fitquiz.core.mail.message_texts import TEXTS
from tests.project.bokmal import calls_unit_a_device, find_other_words
from tests.project.catalogs import (
    CATALOGS,
    ROOT,
    TEMPLATES,
    TRANSLATED,
    USED,
    as_tuple,
    list_messages,
    read_catalog,
)
from tests.project.nynorsk import find_wrong_words

PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
BRANDS = {"Fitquiz", "CSV", "JSON", "UTC"}
FORMATTED = '{{ _("a %s" % b) }}{{ _("a" ~ b) }}{{ _(text) }}{{ ngettext("a", many, 2) }}{{ gettext("a"|upper) }}'


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


every_catalog = pytest.mark.parametrize("language", TRANSLATED)


def test_strings_are_found_in_the_templates() -> None:
    assert len(USED) > 100
    assert ("Skip this one",) in USED


@every_catalog
def test_every_string_is_translated(language: str) -> None:
    translated = {
        as_tuple(message.id) for message in list_messages(language) if all(as_tuple(message.string))
    }
    assert USED - translated == set()


@every_catalog
def test_no_translation_is_unused_obsolete_or_fuzzy(language: str) -> None:
    assert {as_tuple(message.id) for message in list_messages(language)} - USED == set()
    assert dict(read_catalog(language).obsolete) == {}
    assert [message.id for message in list_messages(language) if message.fuzzy] == []


@every_catalog
def test_no_string_is_translated_twice(language: str) -> None:
    text = (CATALOGS / f"{language}.po").read_text("utf-8")
    assert len(re.findall(r"(?m)^msgid ", text)) == len(list_messages(language)) + 1


@every_catalog
def test_translations_have_the_placeholders_of_their_strings(language: str) -> None:
    for message in list_messages(language):
        expected = set(PLACEHOLDER.findall(as_tuple(message.id)[-1]))
        assert [set(PLACEHOLDER.findall(text)) for text in as_tuple(message.string)] == [
            expected
        ] * len(as_tuple(message.string)), message.id


@every_catalog
def test_every_percent_sign_belongs_to_a_placeholder(language: str) -> None:
    texts = [
        text
        for message in list_messages(language)
        for text in (*as_tuple(message.id), *as_tuple(message.string))
    ]
    assert [text for text in texts if "%" in PLACEHOLDER.sub("", text).replace("%%", "")] == []


@every_catalog
def test_translations_end_as_their_strings_do(language: str) -> None:
    pairs = [
        (as_tuple(message.id)[-1], as_tuple(message.string)[-1])
        for message in list_messages(language)
    ]
    assert [pair for pair in pairs if (pair[0][-1] in ".?:") != (pair[1][-1] in ".?:")] == []


@every_catalog
def test_a_catalog_names_its_language_and_its_plural_forms(language: str) -> None:
    catalog = read_catalog(language)
    assert (str(catalog.locale), catalog.num_plurals) == (language, 2)
    plurals = [each for each in list_messages(language) if not isinstance(each.id, str)]
    assert [each.id for each in plurals if len(as_tuple(each.string)) != 2] == []


def test_the_nynorsk_catalog_has_no_words_of_bokmal_and_one_word_for_one_thing() -> None:
    texts = [text for message in list_messages("nn") for text in as_tuple(message.string)]
    wrong = {text: find_wrong_words(text) for text in texts}
    assert {text: words for text, words in wrong.items() if words} == {}


def test_the_bokmal_texts_have_one_word_for_one_thing() -> None:
    texts = [text for message in list_messages("nb") for text in as_tuple(message.string)]
    wrong = {text: find_other_words(text) for text in (*texts, str(TEXTS["nb"]))}
    assert {text: words for text, words in wrong.items() if words} == {}


def test_the_bokmal_catalog_calls_a_unit_a_department_and_no_device() -> None:
    pairs = [
        (as_tuple(message.id)[-1], text)
        for message in list_messages("nb")
        for text in as_tuple(message.string)
    ]
    assert [pair for pair in pairs if calls_unit_a_device(*pair)] == []


def test_another_word_for_the_same_thing_is_caught() -> None:
    assert find_other_words("Runden er over. Sidene runder av.") == {"runden"}
    assert find_other_words("Utsagnene gir skår. Tøm denne enheten.") == {
        "utsagnene",
        "skår",
        "tøm",
    }
    assert calls_unit_a_device("For the unit", "For enheten")
    assert not calls_unit_a_device("This device is shared", "Denne enheten er delt")


def test_words_of_bokmal_are_caught() -> None:
    assert find_wrong_words("Hva ser du? %(en)s {noen} Ikkje noe.") == {"hva", "noe"}


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
