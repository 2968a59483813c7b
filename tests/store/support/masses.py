"""Stores many attempts with SQL statements. A million attempts take one or two minutes instead of hours."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, text

from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.engine.database import WRITES, Database
from tests.core.support.shipped_packs import PACK

ITEMS = tuple(sorted(item.id for item in PACK.items_of(PACK.first_parts)))
AT_ONCE = 50_000
OLDEST, RECENT, NEWEST = timedelta(170), timedelta(29), timedelta(2)
"""The ages of the attempts. With the default settings, none is expired. Every tenth attempt is unfinished."""

WORDS = {
    "sqlite": {
        "numbers": "WITH RECURSIVE numbers(n) AS (SELECT :from UNION ALL SELECT n + 1 FROM numbers WHERE n < :to)",
        "token": "randomblob(32)",
        "moment": "strftime('%Y-%m-%d %H:%M:%f000', {seconds}, 'unixepoch')",
    },
    "postgresql": {
        "numbers": "WITH numbers AS (SELECT generate_series(CAST(:from AS bigint), CAST(:to AS bigint)) AS n)",
        "token": "sha256(convert_to(random()::text || n::text, 'UTF8'))",
        "moment": "to_timestamp({seconds})",
    },
}
_SENT, _NEVER_SENT = (f":newest - (:last - n) * :{span} / :number" for span in ("span", "recent"))
_ATTEMPTS = """
INSERT INTO attempt (id, token_hash, content_hash, may_improve, ticket, open_parts, sent_parts, started_at, finished_at)
{numbers}
SELECT n, {token}, :pack, FALSE, NULL, CASE n % 10 WHEN 0 THEN :parts ELSE '' END,
       CASE n % 10 WHEN 0 THEN '' ELSE :parts END,
       CASE n % 10 WHEN 0 THEN {never} ELSE {sent} END, CASE n % 10 WHEN 0 THEN NULL ELSE {sent} END
FROM numbers
"""
_ANSWERS = """
INSERT INTO answer (attempt_id, item, value, answered_at)
SELECT attempt.id, items.item, attempt.id % 5, attempt.started_at
FROM attempt CROSS JOIN (SELECT item FROM item_of_mass ORDER BY item) AS items
WHERE attempt.id BETWEEN :from AND :to
"""


def store_attempts(database: Database, number: int, answers: int = len(ITEMS)) -> None:
    """Store this number of attempts from the last half year, in order of time, each with this number of answers."""
    with database.sessions() as session:
        database.begin_write(session)
        keep_pack(session, PACK, datetime.now(UTC))
        last = session.scalar(text("SELECT max(id) FROM attempt")) or 0
        session.commit()
    whole = {
        "last": last + number,
        "number": number,
        "newest": int((datetime.now(UTC) - NEWEST).timestamp()),
    }
    writing = database.engine.execution_options(**WRITES)
    for first in range(last + 1, last + number + 1, AT_ONCE):
        with database.write_lock(), writing.begin() as connection:
            if (
                database.engine.dialect.name == "postgresql"
            ):  # The rows belong together. Checking each row would take long.
                connection.execute(text("SET LOCAL session_replication_role = replica"))
            _store(
                connection,
                {"from": first, "to": min(first + AT_ONCE - 1, last + number)},
                whole,
                answers,
            )


def vacuum(database: Database) -> None:
    """Let PostgreSQL clean its tables, count their rows and write everything to the disk. SQLite needs nothing."""
    if database.engine.dialect.name != "postgresql":
        return
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def _store(
    connection: Connection, between: dict[str, int], whole: dict[str, int], answers: int
) -> None:
    words = WORDS[connection.dialect.name]
    never, sent = (words["moment"].format(seconds=each) for each in (_NEVER_SENT, _SENT))
    attempts = _ATTEMPTS.format(
        numbers=words["numbers"], token=words["token"], never=never, sent=sent
    )
    spans = {
        "span": int((OLDEST - NEWEST).total_seconds()),
        "recent": int((RECENT - NEWEST).total_seconds()),
    }
    parts = {"pack": PACK.content_hash, "parts": " ".join(PACK.first_parts)}
    connection.execute(text(attempts), between | whole | spans | parts)
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT setval('attempt_id_seq', :to)"), between)
    connection.execute(text("CREATE TEMPORARY TABLE item_of_mass (item VARCHAR(60))"))
    connection.execute(
        text("INSERT INTO item_of_mass VALUES (:item)"),
        [{"item": each} for each in ITEMS[:answers]],
    )
    connection.execute(text(_ANSWERS), between)
    connection.execute(text("DROP TABLE item_of_mass"))
