"""Signs in with each account that the demo has printed, and looks at what is filled in there."""

import re

from tests.newcomer.signing_in import sign_in_to_demo
from tests.newcomer.stranger import Server


def check_report(server: Server) -> None:
    """Sign in as HR, open the newest report that has figures, and read figures."""
    hana = sign_in_to_demo(server, "hr")
    hana.follow("Reports")
    filled = [
        label for label in hana.page.links if re.fullmatch(r"Open it ?: (Høst|Vår) \d+", label)
    ]
    assert len(filled) == 2, list(hana.page.links)
    hana.follow(filled[0])
    answers = re.search(r"Answers (\d+) Response rate (\d+) ?%", hana.page.text)
    assert answers
    assert 100 < int(answers[1]) < 300
    row = r"All Answers \d+ Response rate \d+% Leans to the front office \d+% \(\d+–\d+\)"
    assert re.search(row, hana.page.text)
    assert re.search(r"so many score high: \w[\w ,-]*? \d+%", hana.page.text)


def check_client(server: Server) -> None:
    """Sign in as counsellor and open the result of a client."""
    carl = sign_in_to_demo(server, "counsellor")
    carl.follow("Clients")
    results = [label for label in carl.page.links if label.startswith("The result of ")]
    assert results
    carl.follow(results[0])
    carl.press("Open the result")


def check_staff(server: Server) -> None:
    """Sign in as administrator and see the three accounts."""
    ada = sign_in_to_demo(server, "admin")
    ada.follow("Staff")
    for name in ("Ada", "Hana", "Carl"):
        assert name in ada.page.text
