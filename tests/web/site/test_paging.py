"""Lists that grow come a page at a time, and every row is on one page."""

import re
from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.attempts.shares import find_own_share, list_comparable_shares, list_shared_hashes
from fitquiz.store.engine.paging import PAGE
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.installed_packs import read_files
from tests.store.support import others
from tests.store.support.masses import store_attempts
from tests.web.support.answering import PACK, ROOT
from tests.web.support.records import read_database
from tests.web.support.staff_member import StaffMember

OTHER = read_pack(read_files(ROOT / "tests" / "packs" / "five-traits"))
_PUBLISHED = (
    (
        "INSERT INTO ledger (campaign_id, path, period_from, period_to, n, is_batch) "
        "VALUES (:id, '[]', '2026-01-01', '2026-01-01', 30, TRUE)"
    ),
    (
        "INSERT INTO ledger_rollup (campaign_id, path, statistic, cell, parent, noise, batches, n, count) "
        "VALUES (:id, '[]', 'answers', '', NULL, '0', 1, 30, 30)"
    ),
)
MANY, MOST_PAGES = 2 * PAGE + 7, 5


def walk(person: StaffMember, address: str, part: str) -> list[list[str]]:
    """Follow a list from page to page; return what each leads to."""
    pages: list[list[str]] = []
    place = address
    while place and len(pages) < MOST_PAGES:
        links = person.open(place).links
        pages.append([link for link in links if re.fullmatch(rf"/en/{part}/\d+", link)])
        place = next(
            (link for link in links if link.startswith(f"{address}?") and link != place), ""
        )
    return pages


@pytest.fixture
def crowded(
    hana: StaffMember, carl: StaffMember, ada: StaffMember, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the staff has long lists, and there are many of them."""
    monkeypatch.setattr(others, "OWN", MANY)
    hana.create()
    database = read_database(hana.app)
    store_attempts(database, MANY, 1)
    others.store_own(database, hana.staff.id, carl.staff.id)
    others.store_staff(database, MANY)


@pytest.mark.parametrize(
    ("who", "address", "part", "rows"),
    [
        ("hana", "/en/campaigns", "campaigns", MANY + 1),
        ("hana", "/en/reports", "reports", MANY + 1),
        ("carl", "/en/links", "links", MANY),
        ("carl", "/en/clients", "clients", MANY),
        ("ada", "/en/staff", "staff", MANY + 3),
    ],
)
def test_every_row_is_on_one_page(
    crowded: None, request: pytest.FixtureRequest, who: str, address: str, part: str, rows: int
) -> None:
    pages = walk(request.getfixturevalue(who), address, part)
    assert [len(page) for page in pages] == [PAGE, PAGE, rows - 2 * PAGE]
    assert len({link for page in pages for link in page}) == rows


@pytest.mark.parametrize(
    ("who", "part"),
    [("hana", "campaigns"), ("carl", "links"), ("carl", "clients"), ("ada", "staff")],
)
def test_a_list_that_fills_one_page_offers_no_second(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, who: str, part: str
) -> None:
    person: StaffMember = request.getfixturevalue(who)
    staff_id = person.staff.id
    database = read_database(person.app)
    with person.app.app_context(), writing() as session:
        keep_pack(session, PACK, datetime.now(UTC))
    store_attempts(database, PAGE, 1)
    monkeypatch.setattr(others, "OWN", PAGE)
    others.store_own(database, staff_id, staff_id)
    others.store_staff(database, PAGE - 1)
    assert [len(page) for page in walk(person, f"/en/{part}", part)] == [PAGE]


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("hana", "/en/campaigns?before=1"),
        ("hana", "/en/reports?before=1"),
        ("carl", "/en/links?before=1"),
        ("carl", "/en/clients?page=3"),
        ("carl", f"/en/clients?page={10**30}"),
        ("ada", f"/en/staff?after={2**31 - 1}"),
    ],
)
def test_a_page_that_is_no_longer_there_leads_to_the_first(
    crowded: None, request: pytest.FixtureRequest, who: str, address: str
) -> None:
    person: StaffMember = request.getfixturevalue(who)
    assert len(person.open(address).links) > PAGE
    assert person.address == address.partition("?")[0]


@pytest.mark.parametrize("number", ["-1", "x"])
def test_a_page_before_the_first_is_the_first(
    crowded: None, carl: StaffMember, number: str
) -> None:
    assert (
        walk(carl, f"/en/clients?page={number}", "clients")[0]
        == walk(carl, "/en/clients", "clients")[0]
    )


def test_a_campaign_is_set_beside_any_earlier_one(crowded: None, hana: StaffMember) -> None:
    newest, oldest = find_campaigns(hana)
    assert len(list_choices(hana, f"/en/reports/{newest}")) == PAGE
    assert oldest in list_choices(hana, f"/en/reports/{newest}?compare={oldest}")
    for other in (newest, newest + 1, -1, 10**30):
        hana.open(f"/en/reports/{newest}?compare={other}", 404)


def test_campaigns_of_another_pack_crowd_nothing_out(crowded: None, hana: StaffMember) -> None:
    newest, oldest = find_campaigns(hana)
    use_another_pack(
        hana, f"UPDATE campaign SET content_hash = :other WHERE id NOT IN ({newest}, {oldest})"
    )
    assert list_choices(hana, f"/en/reports/{newest}") == [oldest]


def test_shares_of_another_pack_crowd_nothing_out(crowded: None, carl: StaffMember) -> None:
    shares = [
        int(link.rpartition("/")[2])
        for page in walk(carl, "/en/clients", "clients")
        for link in page
    ]
    newest, oldest = shares[0], shares[-1]
    kept = f"SELECT attempt_id FROM share WHERE id IN ({newest}, {oldest})"
    use_another_pack(carl, f"UPDATE attempt SET content_hash = :other WHERE id NOT IN ({kept})")
    with carl.app.app_context():
        share = find_own_share(get_session(), carl.staff.id, newest)
        assert share is not None
        beside = list_comparable_shares(
            get_session(), share, [PACK.content_hash], datetime.now(UTC)
        )
        assert set(list_shared_hashes(get_session(), carl.staff.id)) == {
            PACK.content_hash,
            OTHER.content_hash,
        }
    assert [each.id for each in beside] == [oldest]


def find_campaigns(hana: StaffMember) -> tuple[int, int]:
    """The newest and the oldest."""
    ids = [
        int(link.rpartition("/")[2])
        for page in walk(hana, "/en/reports", "reports")
        for link in page
    ]
    with read_database(hana.app).engine.begin() as connection:
        for statement in _PUBLISHED:
            connection.execute(text(statement), {"id": max(ids)})
    return max(ids), min(ids)


def list_choices(hana: StaffMember, address: str) -> list[int]:
    """The campaigns that a report offers to be compared with."""
    (select,) = [
        each for each in hana.open(address).find_all("select") if each.get("name") == "compare"
    ]
    return [int(option.get("value") or 0) for option in select if option.get("value")]


def use_another_pack(person: StaffMember, statement: str) -> None:
    """Let rows be of a pack that is not the shipped one."""
    with person.app.app_context(), writing() as session:
        keep_pack(session, OTHER, datetime.now(UTC))
        session.execute(text(statement), {"other": OTHER.content_hash})
