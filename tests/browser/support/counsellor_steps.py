"""Steps of the counsellor story, in a browser."""

from playwright.sync_api import Page, expect

from fitquiz.core.packs import Item, Keyed, Pack
from tests.browser.support.taking import answer_items, send


def make_link(carl: Page) -> None:
    """Make a link for one client, and open its poster."""
    carl.goto("/en/links")
    carl.get_by_role("link", name="New link").click()
    carl.get_by_label("The link's name").fill("Kari N.")
    carl.get_by_label("Note for the client").fill("See you on Thursday!")
    carl.get_by_label("How many people can use it").fill("1")
    carl.locator("main form button").click()
    carl.get_by_role("link", name="Poster").click()


def lean(level: int) -> dict[str, int]:
    return {"people": level, "problem-solving": level, "listening": level}


def take(kari: Page, address: str, pack: Pack, level: int) -> None:
    """Begin by the link, and answer so that the front traits are liked so much."""

    def choose(item: Item) -> str:
        liked = lean(level).get(item.measures or "", 2)
        return str(4 - liked if item.keyed is Keyed.MINUS else liked)

    kari.goto(address)
    expect(kari.locator("main")).to_contain_text("See you on Thursday!")
    kari.locator("main a[href$='/begin']").first.tap()
    kari.locator("main form button").first.tap()
    answer_items(kari, pack.items_of(pack.first_parts), choose)
    send(kari)


def share(kari: Page) -> None:
    """Share the result that is open with Carl, after having seen what he will see."""
    kari.get_by_role("link", name="Share").tap()
    kari.get_by_label("Carl, who gave me the link").check()
    kari.get_by_label("Name to show").fill("Kari Nordmann")
    kari.get_by_role("button", name="Preview").tap()
    expect(kari.locator("main")).to_contain_text("Carl will see everything below the line")
    kari.get_by_role("button", name="Change something").tap()
    expect(kari.locator("h1")).to_have_text("Share your result")
    kari.get_by_role("button", name="Preview").tap()
    kari.get_by_role("button", name="Share it").tap()
    expect(kari.locator("#shared")).to_contain_text("opened 0 times")
