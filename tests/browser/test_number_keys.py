"""Digits mean the label that an answer shows, also if the labels are numbers or have two digits."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.support.taking import LEAST_READING_MS
from tests.reliability.support.server import ROOT, Server

pytestmark = pytest.mark.browser
NUMBERS = [str(number) for number in range(11)]
OFTEN = [f"{number} times" for number in range(7)]
WORDS = [f"Answer {letter}" for letter in "abcdefghijk"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server with two packs of eleven answers, `numbers` and `words`, and the pack `mixed`."""
    folder = tmp_path_factory.mktemp("packs")
    write_pack(folder / "numbers", NUMBERS)
    write_pack(folder / "words", WORDS)
    write_mixed_pack(folder / "mixed")
    server = Server(tmp_path_factory.mktemp("numbered"), questions=folder, pack="numbers")
    server.start()
    yield f"http://127.0.0.1:{server.port}"
    server.kill()


def write_pack(folder: Path, labels: list[str]) -> None:
    """Write the pack of five traits with other labels."""
    shutil.copytree(ROOT / "tests/packs/five-traits", folder)
    for file in folder.iterdir():
        lines = file.read_text().splitlines()
        changed = [change_line(line, folder.name, labels) for line in lines]
        file.write_text("\n".join(changed))


def write_mixed_pack(folder: Path) -> None:
    """Write a pack with other labels for its second statement, and with the answer Does not apply to me."""
    write_pack(folder, [f"{number} points" for number in range(1, 8)])
    structure = (folder / "pack.toml").read_text()
    structure = structure.replace("points = 7", "points = 7\ndoes_not_apply = true")
    structure = structure.replace('"last-minute"', '"last-minute", labels = "often"')
    (folder / "pack.toml").write_text(structure)
    for file in (folder / "en.toml", folder / "nb.toml"):
        file.write_text(file.read_text() + f"\n[labels]\noften = {OFTEN!r}\n")


def change_line(line: str, name: str, labels: list[str]) -> str:
    if line == 'id = "five-traits"':
        return f'id = "{name}"'
    if line.startswith("points = "):
        return f"points = {len(labels)}"
    if line.startswith("labels = "):
        return f"labels = {labels!r}"
    return line


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(base_url=address, locale="en-GB")
    yield context.new_page()
    context.close()


def begin(page: Page, pack: str) -> None:
    page.goto(f"/en/packs/{pack}/begin")
    page.locator("button[name=device]").first.press("Enter")
    expect(page.locator("#position")).to_have_text("Statement 1 of 10")


def type_digits(page: Page, digits: str) -> None:
    """Type digits after the time that the page takes for a double tap."""
    page.wait_for_timeout(LEAST_READING_MS)
    expect(page.locator("#statement")).to_be_focused()
    page.keyboard.type(digits)


def expect_chosen(page: Page, number: int, label: str) -> None:
    """Wait for the next statement, and look at the answer to the statement before it."""
    expect(page.locator("#position")).to_have_text(f"Statement {number + 1} of 10")
    page.go_back()
    expect(page.locator("#position")).to_have_text(f"Statement {number} of 10")
    expect(page.locator("[aria-current=true]")).to_have_text(label)
    page.go_forward()
    expect(page.locator("#position")).to_have_text(f"Statement {number + 1} of 10")


def test_digits_choose_the_number_that_they_name(page: Page) -> None:
    begin(page, "numbers")
    for number, digits in enumerate(["10", "0", "1", "7"], start=1):
        type_digits(page, digits)
        expect_chosen(page, number, digits)


def test_digits_choose_the_worded_answer_beside_them(page: Page) -> None:
    begin(page, "words")
    shown = page.locator(".answers button").evaluate_all("all => all.map(each => each.dataset.key)")
    assert shown == [str(position) for position in range(1, 12)]
    for number, digits in enumerate(["11", "10", "1", "2"], start=1):
        type_digits(page, digits)
        expect_chosen(page, number, WORDS[int(digits) - 1])


def test_a_digit_that_names_no_answer_does_nothing(page: Page) -> None:
    begin(page, "words")
    type_digits(page, "0")
    page.wait_for_timeout(LEAST_READING_MS)
    expect(page.locator("#position")).to_have_text("Statement 1 of 10")
    type_digits(page, "3")
    expect_chosen(page, 1, WORDS[2])


def test_a_digit_that_waits_does_not_answer_the_next_statement(page: Page) -> None:
    begin(page, "numbers")
    type_digits(page, "1")
    page.locator(".answers button", has_text="5").press("Enter")
    expect(page.locator("#position")).to_have_text("Statement 2 of 10")
    page.wait_for_timeout(1000)
    expect(page.locator("#position")).to_have_text("Statement 2 of 10")
    expect(page.locator("[aria-current]")).to_have_count(0)


def test_no_key_is_offered_that_names_another_answer(page: Page) -> None:
    begin(page, "numbers")
    buttons = page.locator(".answers button")
    offered = buttons.evaluate_all("all => all.map(each => [each.textContent, each.accessKey])")
    assert offered == [[label, label if len(label) == 1 else ""] for label in NUMBERS]


def test_the_script_shows_the_labels_of_each_statement(page: Page) -> None:
    begin(page, "mixed")
    buttons = page.locator(".answers button")
    expect(buttons.last).to_have_text("7 points")
    type_digits(page, "1")
    expect(page.locator("#position")).to_have_text("Statement 2 of 10")
    expect(buttons).to_have_text(OFTEN)
    type_digits(page, "0")
    expect_chosen(page, 2, "0 times")
    expect(buttons.last).to_have_text("7 points")


def test_the_script_says_that_a_statement_does_not_apply(page: Page) -> None:
    begin(page, "mixed")
    page.locator("button[value='-1']").press("Enter")
    expect(page.locator("#position")).to_have_text("Statement 2 of 10")
    page.go_back()
    expect(page.locator("#earlier")).to_have_text("You answered that it does not apply.")
    page.reload()
    expect(page.locator("#earlier")).to_have_text("You answered that it does not apply.")
