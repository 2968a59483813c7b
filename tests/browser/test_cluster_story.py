"""The whole story at three processes that are killed in turn, with HR reading from a copy: nobody notices anything."""

import re
import secrets
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.campaigns import find_campaign
from fitquiz.store.ledger.pending_responses import add_response
from tests.browser.support.campaign_steps import answer, make_campaign
from tests.browser.support.counsellor_steps import make_link, share, take
from tests.browser.support.qr_reader import read_code
from tests.browser.support.tabs import NewTab, opening_tabs
from tests.reliability.support.cluster import Cluster, open_cluster
from tests.store.support.cast import writing
from tests.web.support.clock import find_today

pytestmark = [pytest.mark.browser, pytest.mark.long]
PASSWORD = "seven green herons waiting"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with open_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


@pytest.fixture
def new_tab(browser: Browser, cluster: Cluster) -> Iterator[NewTab]:
    with opening_tabs(browser, cluster.address) as open_tab:
        yield open_tab


def join(cluster: Cluster, page: Page, name: str, permission: str) -> Page:
    """Get an account on the server's command line, choose a password by its link, and sign in anew."""
    email = f"{name.lower()}@example.org"
    said = cluster.run("staff", "add", email, "--name", name, "--permission", permission)
    found = re.search(r"/staff-links/[\w-]{43}", said)
    assert found
    page.goto(f"/en{found[0]}")
    for field in page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    page.locator("main form button").first.click()
    page.goto("/en/account")
    page.get_by_role("button", name="Sign out").click()
    page.locator("input[name=email]").fill(email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button").first.click()
    expect(page.locator("main h1")).to_be_visible()
    return page


def let_others_answer(cluster: Cluster, campaign_id: int) -> None:
    with writing(cluster.database) as session:
        campaign = find_campaign(session, campaign_id)
        assert campaign is not None
        for _ in range(6):
            cells = "0" * 40
            assert add_response(session, secrets.token_bytes(32), campaign, 0, cells, find_today())


def let_hana_read_a_report(cluster: Cluster, hana: Page, phone: Page, pack: Pack) -> None:
    answer(phone, make_campaign(hana), pack)
    campaign = int(re.sub(".*/campaigns/(\\d+)/.*", "\\1", hana.url))
    let_others_answer(cluster, campaign)
    hana.goto(f"/en/campaigns/{campaign}/close")
    hana.locator("main form button").click()
    cluster.run("seal", "--due")
    cluster.wait_for_copy()
    hana.goto(f"/en/reports/{campaign}")
    expect(hana.locator("main")).to_contain_text("about groups with at least 5 answers")


def test_a_campaign_and_a_counsellors_link_while_processes_die(
    cluster: Cluster, new_tab: NewTab, pack: Pack
) -> None:
    phone: dict[str, Any] = {
        "viewport": {"width": 375, "height": 667},
        "has_touch": True,
        "reduced_motion": "reduce",
    }
    hana = join(cluster, new_tab(java_script_enabled=False), "Hana", "hr")
    carl = join(cluster, new_tab(java_script_enabled=False), "Carl", "counsellor")
    with cluster.dying_in_turn() as killed:
        let_hana_read_a_report(cluster, hana, new_tab(**phone), pack)
        make_link(carl)
        kari = new_tab(**phone)
        take(kari, read_code(carl.locator(".qr svg")), pack, 1)
        share(kari)
        carl.goto("/en/clients")
        carl.locator("main .rows > li").first.get_by_role("link").first.click()
        carl.get_by_role("button", name="Open the result").click()
        expect(carl.locator("main")).to_contain_text("To start the conversation")
    assert set(killed) == {server.port for server in cluster.servers}
