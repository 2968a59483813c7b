"""Lists that grow come a page at a time, and every row is on one page."""

import re

import pytest

from fitquiz.store.paging import PAGE
from tests.store import others
from tests.store.masses import store_attempts
from tests.web.records import read_database
from tests.web.staff_member import StaffMember

MANY, MOST_PAGES = 2 * PAGE + 7, 5


def walk(person: StaffMember, address: str, part: str) -> list[list[str]]:
    """Follow a list from page to page; return what each leads to."""
    pages: list[list[str]] = []
    place = address
    while place and len(pages) < MOST_PAGES:
        links = person.open(place).links
        pages.append([link for link in links if re.fullmatch(rf"/en/{part}/\d+", link)])
        place = next((link for link in links if link.startswith(f"{address}?") and link != place), "")
    return pages


@pytest.fixture
def crowded(hana: StaffMember, carl: StaffMember, ada: StaffMember, monkeypatch: pytest.MonkeyPatch) -> None:
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
