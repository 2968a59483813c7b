"""Every text of the templates is translated, and the texts of respondents' pages are easy to read."""

import re
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from flask import Flask
from jinja2 import Environment, nodes

from fitquiz.core.languages import LANGUAGES
from fitquiz.core.mail.message_texts import TEXTS
from tests.project.bokmal import calls_unit_a_device, find_other_words
from tests.project.english import find_foreign_sounding_words, says_statement
from tests.project.nynorsk import breaks_a_number, find_wrong_words
from tests.project.readability import work_out_flesch, work_out_lix

ROOT = Path(__file__).parents[2]
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
FORM_ERRORS = ROOT / "templates" / "site" / "macros" / "form_errors.html"
CATALOGS = ROOT / "fitquiz" / "web" / "site" / "catalogs"
TRANSLATED = [language for language in LANGUAGES if language != "en"]
RESPONDENTS = (
    "device/",
    "errors/",
    "landing/",
    "quiz/",
    "results/",
    "sharing/",
    "site/base.html",
    "site/macros/certainty.html",
    "site/macros/charts.html",
    "site/macros/devices.html",
    "site/macros/differences.html",
    "site/macros/layout.html",
    "site/macros/terms.html",
)
"""The templates of respondents' pages, and the macros that only these pages use."""
WITH_OWN_WORDS = {
    "quiz/_optional_part.html",
    "site/macros/layout.html",
    "site/macros/terms.html",
}
"""The templates that name a statement only if the pack has no word of its own."""
MIN_FLESCH, MAX_LIX = 80, 27
OPTIONS = {"newstyle_gettext": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)\}")
BRANDS = {"Fitquiz", "CSV", "JSON", "UTC"}
FORMATTED = '{{ _("a %s" % b) }}{{ _("a" ~ b) }}{{ _(text) }}{{ ngettext("a", many, 2) }}{{ gettext("a"|upper) }}'


def extract(path: Path) -> Iterator[tuple[str, ...]]:
    """Yield the strings of a template, each with its plural if it has one."""
    for _line, found, _comments, _context in extract_from_file(
        "jinja2.ext:babel_extract", path, options=OPTIONS
    ):
        yield (found,) if isinstance(found, str) else tuple(found)


@cache
def read_catalog(language: str) -> Catalog:
    with (CATALOGS / f"{language}.po").open("rb") as file:
        return read_po(file, abort_invalid=True)


def list_messages(language: str) -> list[Message]:
    return [message for message in read_catalog(language) if message.id]


def as_tuple(texts: str | list[str] | tuple[str, ...] | None) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts or ("",))


def find_long_sentences(text: str) -> list[str]:
    return [
        sentence for sentence in re.split(r"(?<=[.!?:;])\s+", text) if len(sentence.split()) > 20
    ]


def name_template(path: Path) -> str:
    return path.relative_to(ROOT / "templates").as_posix()


def list_respondents_texts(language: str, without: Collection[str] = ()) -> set[str]:
    """Return the texts of respondents' pages in a language, without the texts of some templates."""
    english = {
        texts
        for path, found in EXTRACTED.items()
        if name_template(path).startswith(RESPONDENTS) and name_template(path) not in without
        for texts in found
    }
    if language == "en":
        return {text for texts in english for text in texts}
    return {
        text
        for message in list_messages(language)
        if as_tuple(message.id) in english
        for text in as_tuple(message.string)
    }


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_of_respondents_pages_has_more_than_20_words(language: str) -> None:
    texts = list_respondents_texts(language)
    assert len(texts) > 400
    assert [each for text in texts for each in find_long_sentences(text)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_respondents_pages_are_easy_to_read(language: str) -> None:
    texts = [text for text in list_respondents_texts(language) if text.endswith((".", "?"))]
    if language == "en":
        assert work_out_flesch(texts) > MIN_FLESCH
    else:
        assert work_out_lix(texts) < MAX_LIX


def test_the_english_texts_have_one_word_for_one_thing() -> None:
    errors = {text for found in EXTRACTED[FORM_ERRORS] for text in found if text.endswith(".")}
    texts = list_respondents_texts("en") | errors
    wrong = {text: find_foreign_sounding_words(text) for text in texts}
    assert {text: words for text, words in wrong.items() if words} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_texts_for_packs_without_own_words_name_a_statement(language: str) -> None:
    texts = list_respondents_texts(language, without=WITH_OWN_WORDS)
    assert [text for text in texts if says_statement(language, text)] == []


def test_numbers_in_nynorsk_stay_with_their_units_and_signs() -> None:
    texts = list_respondents_texts("nn")
    assert [text for text in texts if breaks_a_number(text)] == []


def test_words_that_nobody_says_are_caught() -> None:
    assert find_foreign_sounding_words("Whoever began holds it afresh.") == {
        "whoever",
        "holds",
        "afresh",
    }
    assert find_foreign_sounding_words("The wording is turned round. Pages round them.") == set()
    assert says_statement("nb", "Svar på alle påstandene.")
    assert not says_statement("en", "“%(statement)s” counts")
    assert breaks_a_number("om %(num)s minutt")
    assert not breaks_a_number("om %(num)s\N{NO-BREAK SPACE}minutt")


def test_a_long_sentence_is_caught() -> None:
    assert find_long_sentences("Short. " + "word " * 21) == ["word " * 21]
