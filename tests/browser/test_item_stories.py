"""Wandering between statements in Chromium and Firefox: addresses, tabs, languages, keys and screen readers."""

import pytest

from tests.browser.support.answering_person import LINE, AnsweringPerson

pytestmark = [
    pytest.mark.browser,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
IS_HELD_BACK = """([css, key]) => {
  const held = { key, repeat: true, bubbles: true, cancelable: true };
  return !document.querySelector(css).dispatchEvent(new KeyboardEvent("keydown", held));
}"""
DESCRIPTION = """() => {
  const ids = document.activeElement.getAttribute("aria-describedby").split(" ");
  return ids.map(id => document.getElementById(id).textContent.trim());
}"""
TWO_KEPT = {
    "own": "Not saved yet. 2 answers are kept here and will be sent.",
    "shared": "Not saved yet: 2 answers. Keep this page open.",
}
devices = pytest.mark.parametrize("kind_of_device", ["own", "shared"])


def test_back_and_forward_show_each_statement_with_its_answer(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.answer_from(4, 2, 5)
    person.page.back()
    person.expect(5)
    person.expect_chosen(5)
    person.page.back()
    person.expect(4)
    person.expect_chosen(2)
    person.page.forward()
    person.expect(5)
    person.page.forward()
    person.expect(6)
    person.expect_chosen(None)
    person.page.tap(".back")
    person.expect(5)
    person.expect_chosen(5)
    person.page.tap(".onward")
    person.expect(6)


def test_a_changed_answer_replaces_the_answer(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.answer_from(4, 2)
    person.page.back()
    person.expect(4)
    person.answer_from(4, 5)
    person.look_away()
    person.expect_stored(4, 5, 0)
    person.expect_saved()


def test_a_reload_shows_the_same_statement_and_changes_nothing(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.answer_from(4, 2)
    person.page.reload()
    person.expect(5)
    person.expect_focus("#statement")
    person.expect_chosen(None)
    person.expect_stored(4, 2, 0)


def test_of_two_tabs_the_later_answer_counts_and_both_tabs_show_it(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.answer_from(4, 1)
    person.expect_saved()
    person.page.new_tab()
    person.come_to(4)
    person.expect_chosen(1)
    person.answer_from(4, 5)
    person.expect_saved()
    person.page.close_tab()
    person.expect(5)
    person.page.back()
    person.expect(4)
    person.expect_chosen(5)
    person.expect_stored(4, 5, 0)


def test_a_tab_says_saved_after_another_tab_has_sent_its_answer(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.answer_from(4, 2)
    person.expect_saved()
    person.page.set_network(offline=True)
    person.answer_from(5, 3)
    person.look_away()
    person.expect_line("Not saved yet. 1 answer is kept here and will be sent.")
    person.page.set_network(offline=False)
    person.page.new_tab()
    person.come_to(1)
    person.expect_stored(4, 2, 3)
    person.page.close_tab()
    person.expect_line("")
    person.expect_saved()


@devices
def test_answers_that_wait_are_sent_after_a_switch_of_language(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.page.set_network(offline=True)
    person.answer_from(4, 2, 5)
    person.expect_line(TWO_KEPT[person.device])
    assert person.find_stored()[3:5] == [0, 0]
    person.page.set_network(offline=False)
    person.page.tap("nav a[hreflang=nb]")
    person.language = "nb"
    person.expect(6)
    person.expect_stored(4, 2, 5)
    person.page.wait_until_text("Lagret", ".progress")


@devices
def test_a_shared_device_loses_waiting_answers_with_its_tab_and_warns_before(
    person: AnsweringPerson,
) -> None:
    person.page.new_tab()
    person.come_to(4)
    assert not person.would_warn()
    person.page.set_network(offline=True)
    person.answer_from(4, 2, 5)
    person.expect_line(TWO_KEPT[person.device])
    assert person.would_warn() == (person.device == "shared")
    person.page.close_tab()
    person.page.set_network(offline=False)
    person.page.new_tab()
    person.page.open(f"{person.base}/")
    if person.device == "own":
        person.expect(6)
        person.expect_stored(4, 2, 5)
        person.expect_saved()
    else:
        person.expect(4)
        person.expect_chosen(None)
        person.expect_stored(4, 0, 0)


def test_a_screen_reader_hears_the_statement_its_place_and_what_waits(
    person: AnsweringPerson,
) -> None:
    person.come_to(4)
    person.expect_focus("#statement")
    assert person.page.run_script(DESCRIPTION) == ["Statement 4 of 28", ""]
    person.answer_from(4, 2)
    person.expect_focus("h1#statement")
    assert person.page.run_script("() => document.title") == "Statement 5 of 28 – Fitquiz"
    assert person.page.run_script(DESCRIPTION) == ["Statement 5 of 28", ""]
    person.expect_saved()
    assert person.page.text(LINE) == ""
    person.page.set_network(offline=True)
    person.answer_from(5, 3)
    person.look_away()
    person.expect_line("Not saved yet. 1 answer is kept here and will be sent.")
    person.page.back()
    person.expect(5)
    described = ["Statement 5 of 28", "You answered: Neither agree nor disagree"]
    assert person.page.run_script(DESCRIPTION) == described
    person.page.set_network(offline=False)
    person.expect_line("")
    assert person.is_saved()


def test_a_digit_and_enter_answer_and_a_key_that_is_held_does_not(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.expect_focus("#statement")
    person.read()
    person.page.press("2")
    person.expect(5)
    for css, key in (("#statement", "3"), (".answers button", "Enter"), (".link", " ")):
        assert person.page.run_script(IS_HELD_BACK, [css, key])
    person.answer_from(5, 4)
    person.look_away()
    person.expect_stored(4, 2, 4, 0)


def test_a_double_tap_answers_once(person: AnsweringPerson) -> None:
    person.come_to(4)
    person.read()
    person.page.double_tap(".answers button:nth-of-type(2)")
    person.expect(5)
    person.expect_saved()
    person.expect_stored(4, 2, 0)
    person.expect(5)
