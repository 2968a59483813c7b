"""The shipped server sends e-mail from a process of its own, which lives and ends with the server."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fitquiz.config.settings import read_settings
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.reliability.support.server import Server, list_workers
from tests.server.support.mail_box import MailBox, serving_mail
from tests.web.support.campaigning import send
from tests.web.support.staff_member import StaffMember

MAX_WAIT = 60


def wait_for(condition: Callable[[], bool]) -> None:
    ends = time.monotonic() + MAX_WAIT
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return stat.exists() and stat.read_text().rpartition(") ")[2][0] != "Z"


@pytest.fixture
def box() -> Iterator[MailBox]:
    with serving_mail() as box:
        yield box


def find_sender(server: Server) -> int:
    """Return the process that a thread of the server has started. The main thread starts workers."""
    assert server.process is not None
    pid = server.process.pid
    found = []
    for thread in Path(f"/proc/{pid}/task").iterdir():
        if thread.name != str(pid):
            found += (thread / "children").read_text().split()
    (sender,) = found
    return int(sender)


def make_mailing(instance: Path, box: MailBox, seed: str, address: str) -> None:
    environment = {
        "FITQUIZ_INSTANCE": str(instance),
        "FITQUIZ_SMTP_URL": box.url,
        "FITQUIZ_MAIL_FROM": "quiz@example.org",
    }
    app = create_app(read_settings(environment))
    hana = StaffMember(app, f"Hana{seed}", "hr")
    campaign = hana.create(is_personal=True)
    fields = {"addresses": address, "step": "send", "seed": seed * 32}
    send(hana, f"/en/campaigns/{campaign.id}/mailings/new", fields)
    dispose_database(app)


@pytest.mark.long
def test_the_server_sends_and_a_killed_sender_is_started_again(
    tmp_path: Path, box: MailBox
) -> None:
    instance = tmp_path / "instance"
    server = Server(instance, smtp_url=box.url, mail_from="quiz@example.org")
    server.start()
    try:
        make_mailing(instance, box, "a", "kari@example.org")
        wait_for(lambda: box.addresses == ["kari@example.org"])

        os.kill(find_sender(server), signal.SIGKILL)
        make_mailing(instance, box, "b", "ola@example.org")
        wait_for(lambda: box.addresses == ["kari@example.org", "ola@example.org"])

        assert server.process is not None
        children = [find_sender(server), *list_workers(server)]
        os.kill(server.process.pid, signal.SIGTERM)
        assert server.process.wait(MAX_WAIT) is not None
        wait_for(lambda: not any(is_alive(pid) for pid in children))
        log = (instance / "log").read_text()
        assert log.count("the mail sender ended with exit code -9") == 1
        assert log.count("mail_process") == 1
    finally:
        server.kill()
