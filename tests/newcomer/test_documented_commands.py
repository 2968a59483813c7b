"""Every command that the documents show runs exactly as it is written, and does what they say.

The commands of one document run in one copy of the checkout, in the order in which they are shown. No
variable `FITQUIZ_…` is set but a free port, and what a line sets itself. `test_commands_for_root.py`
has the lines that need root.
"""

from pathlib import Path

import pytest

from tests.newcomer.checkout import Checkout, copy_checkout
from tests.newcomer.command_checks import (
    Check,
    check_backup,
    check_demo,
    check_doctor,
    check_key_replace,
    check_pack_check,
    check_pack_new,
    check_pack_show,
    check_pages,
    check_pip_install,
    check_pytest,
    check_restore,
    check_run,
    check_run_with_own_pack,
    check_staff_add,
    check_venv,
    check_wheel,
    expect_recipe,
)
from tests.newcomer.stranger import ROOT
from tests.project.markdown import Document, read_documents

DOCUMENTS = {document.name: document for document in read_documents(ROOT)}

CHECKS: dict[str, Check] = {
    # README.md
    "make run": check_run,
    "make demo": check_demo,
    "make test": expect_recipe("chromium", "firefox", "webkit", "python -m pytest -n 2"),
    'make admin ARGS="doctor"': check_doctor,
    "make admin ARGS=\"staff add you@example.org --name 'Your Name' --permission admin\"": (
        check_staff_add
    ),
    # CONTRIBUTING.md
    "make test-fast": expect_recipe('python -m pytest -m "not browser and not long"'),
    ".venv/bin/python -m pytest tests/core/result/test_fit.py": check_pytest,
    ".venv/bin/python -m pytest tests/core/result -k contributions": check_pytest,
    # docs/deploy.md
    "python3 -m venv .venv": check_venv,
    ".venv/bin/pip install .": check_pip_install,
    ".venv/bin/fitquiz serve": check_run,
    "make wheel": check_wheel,
    # docs/operate.md
    (
        "make admin ARGS=\"staff add hana@example.org --name 'Hana'"
        ' --permission hr --permission counsellor"'
    ): check_staff_add,
    'make admin ARGS="backup ../fitquiz.backup"': check_backup,
    'FITQUIZ_INSTANCE=../fitquiz-restored make admin ARGS="restore ../fitquiz.backup"': (
        check_restore
    ),
    'make admin ARGS="key replace"': check_key_replace,
    # docs/packs.md
    'make admin ARGS="pack new questions/my-pack"': check_pack_new,
    'make admin ARGS="pack check questions/my-pack"': check_pack_check,
    'make admin ARGS="pack show questions/my-pack"': check_pack_show,
    "FITQUIZ_PACK=my-pack make run": check_run_with_own_pack,
}
"""How each line of the `sh` blocks is run and checked.

The suites `make test` and `make test-fast` would run this test again, so only their recipes are read.
"""

IN_SENTENCES: dict[str, Check] = {
    "python app.py": check_run,
    "flask --app app run": check_pages,
}
"""Other ways to start a server, which docs/deploy.md names in a sentence."""


def list_own_lines(document: Document) -> list[str]:
    """Return the lines of a document that are not for root, in their order."""
    return [line for kind, line in document.commands if kind == "sh"]


OF_OTHER_TESTS = ("docs/deploy.md",)
"""In the short run, `test_bare_install.py` builds the wheel, makes an environment, installs with pip and serves."""
WITH_COMMANDS = [
    pytest.param(name, marks=[pytest.mark.long] if name in OF_OTHER_TESTS else [])
    for name, document in DOCUMENTS.items()
    if list_own_lines(document)
]


def try_commands(document: Document, checkout: Checkout) -> None:
    """Run the lines of a document and check each; a failure names the line."""
    for line in list_own_lines(document):
        try:
            CHECKS[line](checkout, line)
        except Exception as error:
            error.add_note(f"{document.name} shows: {line}")
            raise


def test_every_command_has_a_check() -> None:
    shown = {line for document in DOCUMENTS.values() for line in list_own_lines(document)}
    unknown = shown - CHECKS.keys()
    assert unknown == set(), (
        "a command was added to a document: say in CHECKS what must be true after it"
    )
    gone = CHECKS.keys() - shown
    assert gone == set(), "no document shows this command any more: remove it from CHECKS"


@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_the_commands_of_a_document_do_what_it_says(name: str, tmp_path: Path) -> None:
    try_commands(DOCUMENTS[name], copy_checkout(tmp_path))


@pytest.mark.parametrize("line", IN_SENTENCES)
def test_a_server_that_a_sentence_names_serves(line: str, tmp_path: Path) -> None:
    assert f"`{line}`" in DOCUMENTS["docs/deploy.md"].prose
    IN_SENTENCES[line](copy_checkout(tmp_path), line)


@pytest.mark.long
def test_pip_installs_with_the_registry_as_deploy_says(tmp_path: Path) -> None:
    try_commands(DOCUMENTS["docs/deploy.md"], copy_checkout(tmp_path, is_offline=False))
