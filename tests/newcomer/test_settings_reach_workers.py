"""Workers serve the settings that the parent process has chosen, not those of the environment."""

import sys
from pathlib import Path

from tests.newcomer.plain_browser import Browser
from tests.newcomer.signing_in import make_first_account
from tests.newcomer.stranger import FROM_CHECKOUT, start
from tests.reliability.support.server import find_free_port

PROGRAM = Path(__file__).with_name("serve_given_settings.py")


def test_workers_serve_the_settings_of_their_parent(empty: Path) -> None:
    given = {
        "FITQUIZ_INSTANCE": "given",
        "FITQUIZ_PORT": str(find_free_port()),
        "FITQUIZ_FINISHED_DAYS": "77",
    }
    environment = {
        "FITQUIZ_INSTANCE": "not-given",
        "FITQUIZ_FINISHED_DAYS": "99",
    }
    arguments = [f"{name}={value}" for name, value in given.items()]
    command = [sys.executable, str(PROGRAM), *arguments]

    with start(command, empty, {**FROM_CHECKOUT, **environment}) as server:
        privacy = Browser(server.address).open("/en/privacy")
        assert "Finished answers are deleted after 77 days." in privacy.text

        # The link is in the database of the parent. Workers on another database would not know it.
        assert make_first_account(server).follow("Staff").heading == "Staff"
        assert [each.name for each in empty.iterdir()] == ["given"]
