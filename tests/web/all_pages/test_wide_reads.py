"""No page reads what others have, neither by going through a table nor by an index that tells little: on PostgreSQL,
with statistics of a large installation, by which it may choose otherwise than in an empty one.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

from fitquiz.store.engine.database import open_database
from fitquiz.web.site.database_session import dispose_database
from tests.reliability.support.masses import fill, make_urls
from tests.store.support.others import store_others
from tests.store.support.plans import Executor, list_wide_reads, noting_asked
from tests.web.support.large_company import Company, open_company
from tests.web.support.records import read_database

ATTEMPTS, OTHERS, MOST_READ = 50_000, 5_000, 200
"""With few attempts it rather goes through all of them than forty times by an index."""


@contextmanager
def opening(folder: Path, compiled: FileSystemBytecodeCache) -> Iterator[Company]:
    with make_urls("postgresql", folder, "large") as (url,):
        fill(url, ATTEMPTS, answers=1)
        database = open_database(url)
        store_others(database, OTHERS)
        database.engine.dispose()
        company = open_company(url, folder, compiled)
        try:
            with read_database(company.app).engine.begin() as connection:
                connection.execute(text("ANALYZE"))
            yield company
        finally:
            dispose_database(company.app)


def test_no_page_reads_what_others_have(
    tmp_path: Path, compiled_templates: FileSystemBytecodeCache
) -> None:
    with opening(tmp_path, compiled_templates) as company:
        own = read_database(company.app)
        ledger = replace(own, engine=company.app.extensions["fitquiz_ledger"].kw["bind"])
        with noting_asked(own) as asked, noting_asked(ledger) as asked_of_ledger:
            statuses = {name: ask() for name, ask in company.ask.items()}
        assert set(statuses.values()) <= {200, 303}
        assert (
            list_wide_reads(own, asked, MOST_READ)
            | list_wide_reads(ledger, asked_of_ledger, MOST_READ)
            == set()
        )
        planted: list[Executor] = [
            ("SELECT id FROM link WHERE NOT is_closed AND expires_on > '2026-01-01'", {})
        ]
        assert len(list_wide_reads(own, planted, MOST_READ)) == 1
