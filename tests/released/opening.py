"""Opens the kept database's links and results in the app, and says what came of it. Run as a program at the release.

`python -m tests.released.opening` wrote what stands beside the rows; every later release must say the same.
"""

import json
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.core.secrets.link_codes import derive_token
from fitquiz.core.secrets.tokens import derive_share_token, make_handle
from fitquiz.store.engine.database import open_database
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.released.keeping import RESULTS, load_kept
from tests.released.making import LINKS, OPEN_LINKS, PERSONAL
from tests.released.respondents import ATTEMPTS, kind_of
from tests.released.tokens import SECRET_KEY, seed_of, token_of
from tests.web.support.page_checks import check_page

Statuses = dict[str, dict[str, list[int]]]
SAMPLE = range(0, ATTEMPTS, 23)


def open_app(url: str, instance: Path) -> Flask:
    """Return the app on a database of the kept key; this migrates it."""
    return create_app(
        read_settings(
            {
                "FITQUIZ_SECRET_KEY": SECRET_KEY,
                "FITQUIZ_DATABASE_URL": url,
                "FITQUIZ_INSTANCE": str(instance),
            }
        )
    )


def list_links() -> Iterator[tuple[str, int, str]]:
    """Yield the kind, the number and the address of every link that was ever handed out."""
    for number in range(ATTEMPTS):
        token = token_of("attempt", number)
        yield "return", number, f"/en/return/{token}"
        if kind_of(number) in ("finished", "leading"):
            yield (
                "share",
                number,
                f"/en/shared/{derive_share_token(token, seed_of('share', number))}",
            )
    for first in (0, 1000, 2000, 3000):
        for number in range(first, first + OPEN_LINKS * (PERSONAL if first < 2000 else 1)):
            yield (
                "invitation",
                number,
                f"/en/invitations/{derive_token(SECRET_KEY, seed_of('invitation', number))}",
            )
    for number in range(LINKS):
        yield "link", number, f"/nb/guided/{derive_token(SECRET_KEY, seed_of('link', number))}"
    yield "staff link", 0, f"/en/staff-links/{token_of('staff link', 0)}"


def read_statuses(app: Flask, links: Iterable[tuple[str, int, str]]) -> Statuses:
    """Open each link as somebody new, and return the numbers by kind and by status."""
    found: Statuses = {}
    for kind, number, address in links:
        comes_from = {
            "REMOTE_ADDR": f"10.0.{number // 256 % 256}.{number % 256}"
        }  # So many tries are not one's own.
        status = app.test_client().get(address, environ_base=comes_from).status_code
        found.setdefault(kind, {}).setdefault(str(status), []).append(number)
    return found


def read_results(app: Flask, numbers: Iterable[int] = SAMPLE) -> dict[str, Any]:
    """Return the heading of each result page, and its scores as the respondent can download them."""
    return {str(number): _read_result(app, token_of("attempt", number)) for number in numbers}


def _read_result(app: Flask, token: str) -> list[object]:
    client, base = app.test_client(), f"/nb/attempts/{make_handle(token)}"
    client.set_cookie("attempts", f"idle.{token}")
    page, file = client.get(f"{base}/result"), client.get(f"{base}/answers.json")
    heading = check_page(page).h1 if page.status_code == 200 else page.status_code
    if file.status_code != 200:
        return [heading, file.status_code]
    said = json.loads(file.text)
    answers = "".join(
        "-" if each["answer"] is None else str(each["answer"]) for each in said["answers"]
    )
    return [heading, said["finished_at"], answers, said["result"], said["jobs"]]


def main() -> None:
    """Write what the pages of this release say."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/fitquiz.db"
        database = open_database(url)
        load_kept(database)
        database.engine.dispose()
        app = open_app(url, Path(folder))
        said = {"results": read_results(app), "statuses": read_statuses(app, list_links())}
        dispose_database(app)
    RESULTS.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")


if __name__ == "__main__":
    main()
