"""Runs a command of a document as it is written, and checks that it has done what the document says.

Each check takes a copy of the checkout and the line. It runs the line itself.
"""

import itertools
import re
import shlex
import shutil
import stat
import tomllib
import zipfile
from collections.abc import Callable

from packaging.requirements import Requirement

from tests.newcomer.bare_venv import copy_packages
from tests.newcomer.checkout import Checkout
from tests.newcomer.demo_tour import check_client, check_report, check_staff
from tests.newcomer.plain_browser import Browser
from tests.newcomer.signing_in import PASSWORD, make_first_account, sign_in
from tests.newcomer.stranger import Server

Check = Callable[[Checkout, str], None]

_ONE_TIME_LINK = re.compile(r"(?m)^(/en/staff-links/\S+)$")
_PASSED = re.compile(r"(?m)^=+ (\d+) passed")
_PAGE_OF_PERMISSION = {"admin": "Staff", "hr": "Campaigns", "counsellor": "Clients"}
"""A link that staff see only with the permission."""


# --- Servers ---


def check_run(checkout: Checkout, line: str) -> None:
    """The first account is made by the printed link, the staff page opens and a quiz begins."""
    with checkout.serve(line) as server:
        ada = make_first_account(server)
        assert ada.follow("Staff").heading == "Staff"
        assert "ada@example.org" in ada.page.text

        sign_in(server, "ada@example.org", PASSWORD).follow("Staff")
        begin_quiz(server, "Do you thrive among customers, or behind the scenes?")


def check_pages(checkout: Checkout, line: str) -> None:
    """The server prints no link for the first account, but a quiz begins."""
    with checkout.serve(line) as server:
        begin_quiz(server, "Do you thrive among customers, or behind the scenes?")


def check_demo(checkout: Checkout, line: str) -> None:
    """Each printed account signs in, and HR reads figures in a report."""
    with checkout.serve(line) as server:
        check_report(server)
        check_client(server)
        check_staff(server)


def check_run_with_own_pack(checkout: Checkout, line: str) -> None:
    """The front page leads to the pack that `pack new` has written."""
    words = checkout.folder / "questions/my-pack/en.toml"
    title = tomllib.loads(words.read_text("utf-8"))["title"]
    with checkout.serve(line) as server:
        begin_quiz(server, title)
        Browser(server.address).open("/en/packs/my-pack/")


def begin_quiz(server: Server, title: str) -> None:
    """Go from the front page, which has this title, to the first statement."""
    alice = Browser(server.address)
    assert title in alice.open("/en/").text
    alice.follow("Start")
    alice.press("Begin on my own device")
    assert [button for button in alice.page.buttons if button.name == "answer"]


# --- Commands of administrators ---


def check_doctor(checkout: Checkout, line: str) -> None:
    """It finds no failure, and names what it has checked."""
    findings = checkout.run_fitquiz(line).splitlines()
    assert "ok   settings" in findings
    assert "ok   packs" in findings
    assert [each for each in findings if "database" in each]
    assert [each for each in findings if not each.startswith(("ok ", "warn "))] == []


def check_staff_add(checkout: Checkout, line: str) -> None:
    """The printed link opens after the address of a server; the person then has the permissions."""
    words = _read_arguments(line)
    email = words[2]
    pairs = itertools.pairwise(words)
    permissions = [value for option, value in pairs if option == "--permission"]
    links = _ONE_TIME_LINK.findall(checkout.run_fitquiz(line))
    assert len(links) == 1

    with checkout.serve("make run") as server:
        person = Browser(server.address)
        assert email in person.open(links[0]).text
        person.press("Save and sign in", password=PASSWORD, again=PASSWORD)
        pages = {_PAGE_OF_PERMISSION[permission] for permission in permissions}
        assert person.page.links.keys() & _PAGE_OF_PERMISSION.values() == pages
        Browser(server.address).open(links[0], 404)

        again = sign_in(server, email, PASSWORD)
        assert pages <= again.page.links.keys()


def check_backup(checkout: Checkout, line: str) -> None:
    """It writes one file that only its owner can read."""
    checkout.run_fitquiz(line)
    file = checkout.folder / _read_arguments(line)[1]
    assert file.stat().st_size > 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def check_restore(checkout: Checkout, line: str) -> None:
    """After the key is copied, a server in the new folder knows the accounts of the backup."""
    checkout.run_fitquiz(line)
    setting = shlex.split(line)[0]
    folder = checkout.folder / setting.removeprefix("FITQUIZ_INSTANCE=")
    shutil.copy2(checkout.folder / "instance/secret_key", folder)

    with checkout.serve(f"{setting} make run") as server:
        hana = sign_in(server, "hana@example.org", PASSWORD)
        assert hana.follow("Campaigns").heading == "Campaigns"


def check_key_replace(checkout: Checkout, line: str) -> None:
    """The key is lost: no server starts with a new one before the command, and one starts after it.

    The command says which things no longer work.
    """
    key = checkout.folder / "instance/secret_key"
    lost = key.read_text("utf-8")
    key.unlink()
    refused = checkout.try_line("make run")
    assert refused.returncode != 0
    assert "key" in refused.stderr

    said = checkout.run_fitquiz(line)
    assert re.search(r"\b0 invitations and counsellor links", said)
    assert "no longer work" in said
    assert key.read_text("utf-8") != lost
    with checkout.serve("make run") as server:
        sign_in(server, "hana@example.org", PASSWORD).follow("Campaigns")


def check_pack_new(checkout: Checkout, line: str) -> None:
    """It writes the structure and the words of a pack."""
    checkout.run_fitquiz(line)
    folder = checkout.folder / _read_arguments(line)[2]
    assert sorted(file.name for file in folder.iterdir()) == ["en.toml", "pack.toml", "review.toml"]


def check_pack_check(checkout: Checkout, line: str) -> None:
    """It finds the pack valid."""
    assert re.search(r"\bmy-pack\b.*\bvalid\b", checkout.run_fitquiz(line))


def check_pack_show(checkout: Checkout, line: str) -> None:
    """It prints the title and each statement."""
    folder = checkout.folder / _read_arguments(line)[2]
    words = tomllib.loads((folder / "en.toml").read_text("utf-8"))
    shown = checkout.run_fitquiz(line)
    assert words["title"] in shown
    assert [text for text in words["items"].values() if text not in shown] == []


# --- Installing with pip ---


def check_venv(checkout: Checkout, line: str) -> None:
    """It makes an environment with pip. The copy is bare before."""
    shutil.rmtree(checkout.folder / ".venv")
    checkout.run(line)
    assert (checkout.folder / ".venv/bin/pip").is_file()


def check_pip_install(checkout: Checkout, line: str) -> None:
    """It installs the program fitquiz from the copy, which docs/operate.md then calls.

    Offline, the packages that pip would fetch lie in the environment already. The same test runs
    with the registry among the long ones.
    """
    if checkout.is_offline:
        project = tomllib.loads((checkout.folder / "pyproject.toml").read_text("utf-8"))
        fetched = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
        requirements = [Requirement(each) for each in fetched]
        copy_packages(requirements, checkout.folder / ".venv/bin/python")
    checkout.run(line)
    check_doctor(checkout, ".venv/bin/fitquiz doctor")


def check_wheel(checkout: Checkout, line: str) -> None:
    """The wheel holds the pages, packs and translations."""
    checkout.lay_venv()
    checkout.run(line)
    (wheel,) = (checkout.folder / "dist").glob("fitquiz-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    for name in ("base.html", "pack.toml", "nb.po", "cli/commands.py"):
        assert [each for each in names if each.endswith(name)], f"the wheel has no {name}"


# --- Tests ---


def check_pytest(checkout: Checkout, line: str) -> None:
    """It runs some tests of the copy, and all of them pass."""
    printed = checkout.run(line)
    assert f"rootdir: {checkout.folder.resolve()}\n" in printed
    passed = _PASSED.search(printed)
    assert passed
    assert int(passed[1]) > 0


def expect_recipe(*parts: str) -> Check:
    """Return a check for a command that would run whole suites: make only prints its recipe.

    The parts must stand in what make would run, in this order.
    """

    def check_recipe(checkout: Checkout, line: str) -> None:
        recipe = checkout.run(line.replace("make ", "make --dry-run ", 1))
        pattern = ".*".join(re.escape(part) for part in parts)
        assert re.search(pattern, recipe, re.DOTALL), recipe

    return check_recipe


def _read_arguments(line: str) -> list[str]:
    """Return the words of ARGS in a line `make admin ARGS="…"`."""
    (given,) = [word for word in shlex.split(line) if word.startswith("ARGS=")]
    return shlex.split(given.removeprefix("ARGS="))
