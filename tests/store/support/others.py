"""Stores rows of other people, as in a large installation: staff, campaigns, links, shares, figures, audit entries."""

from sqlalchemy import text

from fitquiz.core.groups.counting import make_plan, write_plan
from fitquiz.store.engine.database import WRITES, Database
from tests.core.support.shipped_packs import PACK
from tests.store.support.masses import WORDS, vacuum

A_STAFF_OF = 10
"""The number of campaigns for each staff member."""
OWN = 40
"""The number of rows in a person's own list."""
_FAR, _LATELY, _LAST = (
    "'2037-01-01 00:00:00.000000'",
    "'2026-11-01 00:00:00.000000'",
    "'2037-01-01'",
)
_FIRST = "'2026-01-01'"
_SHARES = f"""INSERT INTO share (id, attempt_id, owner_id, client, seed, token_hash, name, has_answers, parts, opened,
    shared_at, expires_at) {{numbers}} SELECT n + :shift, n, {{owner}}, {{token}}, {{token}}, {{token}}, 'Kari', FALSE,
    :parts, 1, {_LATELY}, {_FAR} FROM numbers"""
_SENT = "UPDATE attempt SET finished_at = started_at WHERE finished_at IS NULL AND id IN (SELECT attempt_id FROM share)"
"""Some of the shared attempts were not sent, and only a sent attempt can be shared."""
_LINKS = f"""INSERT INTO link (owner_id, name, note, language, pack_id, uses, started, finished, expires_on, is_closed,
    seed, token_hash, code_hash, created_at) {{numbers}} SELECT {{owner}}, 'Autumn', '', 'en', :pack_id, 9, 3, 2,
    {_LAST}, FALSE, {{token}}, {{token}}, {{token}}, {_LATELY} FROM numbers"""
_CAMPAIGNS = f"""INSERT INTO campaign (owner_id, title, inviter, content_hash, languages, opens_on, closes_on,
    is_personal, statistics, sealing, threshold, split_from, is_frozen, is_paused, has_burst, sealed_at, created_at)
    {{numbers}} SELECT {{owner}}, 'Spring ' || n, 'HR', :pack, 'en nb', {_FIRST}, {_LAST}, FALSE, :statistics, 'close',
    5, 30, TRUE, FALSE, FALSE, {_LATELY}, {_LATELY} FROM numbers"""
_MEMBERS = """INSERT INTO campaign_member (campaign_id, staff_id, role) SELECT id, owner_id, 'owner' FROM campaign
    WHERE id NOT IN (SELECT campaign_id FROM campaign_member)"""
_LEDGER = f"""INSERT INTO ledger (campaign_id, path, period_from, period_to, n, is_batch) {{numbers}}
    SELECT n, '[]', {_FIRST}, {_FIRST}, 10, TRUE FROM numbers"""
_ROLLUP = """INSERT INTO ledger_rollup (campaign_id, path, statistic, cell, parent, noise, batches, n, count) {numbers}
    SELECT n, '[]', 'answers', '', NULL, '0', 1, 10, 10 FROM numbers"""
_THEIRS = (
    _CAMPAIGNS,
    _MEMBERS,
    "INSERT INTO unit (campaign_id, path) {numbers} SELECT n, '[\"IT\"]' FROM numbers",
    """INSERT INTO invitation (campaign_id, seed, token_hash, code_hash, is_personal, is_revoked, is_spent) {numbers}
    SELECT n, {token}, {token}, {token}, n % 2 = 0, FALSE, FALSE FROM numbers""",
    "INSERT INTO pending (key, campaign_id, unit_id, cells) {numbers} SELECT {token}, n, 0, '1' FROM numbers",
    _LEDGER,
    """INSERT INTO ledger_statistic (batch_id, statistic, cell, noise, count) {numbers}
    SELECT n, 'lean', 'front', '1/3', 5 FROM numbers""",
    _ROLLUP,
    _LINKS,
    _SHARES,
    _SENT,
    f"""INSERT INTO offer (attempt_id, kind, ratings, rated_at) {{numbers}}
    SELECT n, 'present', '{{{{}}}}', {_LATELY} FROM numbers""",
    f"""INSERT INTO audit (at, staff_name, action, subject) {{numbers}}
    SELECT {_LATELY}, 'Somebody', 'campaign-created', 'Spring' FROM numbers""",
    "INSERT INTO throttle (key, full_at) {numbers} SELECT {token}, 9000000000000 + n FROM numbers",
    f"""INSERT INTO sign_in (token_hash, staff_id, awaits_code, signed_in_at, seen_at) {{numbers}}
    SELECT {{token}}, {{owner}}, FALSE, {_LATELY}, {_FAR} FROM numbers""",
    f"""INSERT INTO deleted_attempt (token_hash, deleted_at, answers) {{numbers}}
    SELECT {{token}}, {_LATELY}, 24 FROM numbers""",
)
_STAFF = f"""INSERT INTO staff (name, email, permissions, is_disabled, created_at) {{numbers}}
    SELECT 'Somebody ' || n, 'somebody' || n || '@example.org', 'hr counsellor', FALSE, {_LATELY} FROM numbers"""


def store_others(database: Database, number: int) -> None:
    """Store this number of rows of each kind that belong to other people.

    The database must contain no staff, and at least this number of attempts. Each campaign gets a unit, an invitation,
    a pending response and a published figure.
    """
    staff = number // A_STAFF_OF
    store_staff(database, staff)
    _store(database, _THEIRS, (1, number), f"1 + n % {staff}")
    vacuum(database)


def store_staff(database: Database, number: int) -> None:
    """Store this number of accounts."""
    _store(database, (_STAFF,), (1, number), "")


def store_own(database: Database, hr: int, counsellor: int) -> None:
    """Store campaigns of an HR account, and links and shared results of a counsellor."""
    _store(database, (_CAMPAIGNS, _MEMBERS), (1, OWN), str(hr))
    _store(database, (_LINKS, _SHARES, _SENT), (1, OWN), str(counsellor), shift=2**40)


def _store(
    database: Database,
    statements: tuple[str, ...],
    between: tuple[int, int],
    owner: str,
    shift: int = 0,
) -> None:
    known = {
        "pack": PACK.content_hash,
        "pack_id": PACK.id,
        "parts": " ".join(PACK.first_parts),
        "statistics": write_plan(make_plan(["lean"])),
    }
    words = WORDS[database.engine.dialect.name] | {"owner": owner}
    values = known | {"from": between[0], "to": between[1], "shift": shift}
    writing = database.engine.execution_options(**WRITES)
    with database.write_lock(), writing.begin() as connection:
        for each in statements:
            statement = text(each.format(**words))
            connection.execute(
                statement, {name: values[name] for name in statement.compile().params}
            )
