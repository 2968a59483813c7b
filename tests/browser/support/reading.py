"""Opens any page as the device that holds its attempt, and looks at it."""

from collections.abc import Callable
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page, Response

from tests.browser.support.planting import Plan, Planted
from tests.browser.support.spots import PAGES, Spot

HEIGHT = 667
_RUN_AXE = "options => axe.run(options).then(results => results.violations)"
_RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "rules": {
        "target-size": {"enabled": True},
        "label-content-name-mismatch": {"enabled": True},
    },
}
_COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}


COOKIES = {"own": ("attempts-kept", "kept"), "shared": ("attempts", "idle")}
"""The name of the cookie, and the beginning of its value. The shared one is as an earlier version sent it."""


def hold(context: BrowserContext, address: str, planted: Planted, device: str = "own") -> None:
    """Let the device hold a planted attempt."""
    name, prefix = COOKIES[device]
    context.add_cookies([{"name": name, "value": f"{prefix}.{planted.token}", "url": address}])


def forget(page: Page) -> None:
    """Make a tab that of a device which has never been here.

    A tab that left the site first would need a new process of the browser for the next page, which takes long.
    Without the stop, the answer to a request of the page could bring a cookie back.
    """
    page.evaluate("window.stop()")
    page.context.clear_cookies()


class Reader:
    """One tab that goes from page to page, as a fresh device each time."""

    def __init__(self, page: Page, address: str, plant_attempt: Callable[[Plan], Planted]) -> None:
        self.page = page
        self.address = address
        self._plant = plant_attempt
        self._planted: dict[Plan, Planted] = {}

    def open(self, name: str, language: str, width: int = 375) -> Page:
        """Open a page by its name."""
        self.go_to(PAGES[name], language, width)
        return self.page

    def go_to(self, spot: Spot, language: str, width: int = 375) -> Response:
        """Open a page as the device that holds its attempt, in light colours."""
        forget(self.page)
        planted = self._find_planted(spot.plan) if spot.plan else Planted("", "")
        if spot.plan and spot.device in COOKIES:
            hold(self.page.context, self.address, planted, spot.device)
        self.page.set_viewport_size({"width": width, "height": HEIGHT})
        self.page.emulate_media(
            media="null", color_scheme="light", forced_colors="none", reduced_motion="reduce"
        )
        path = spot.path.format(handle=planted.handle, token=planted.token)
        if "#" in path:
            # A browser sends no request for a place on the page that is open.
            self.page.goto("/robots.txt")
        response = self.page.goto(f"/{language}{path}")
        assert response is not None
        return response

    def _find_planted(self, plan: Plan) -> Planted:
        if plan not in self._planted:
            self._planted[plan] = self._plant(plan)
        return self._planted[plan]


def list_violations(page: Page, only_colours: bool = False) -> list[str]:
    """Return what axe-core finds wrong with the page, one line a place."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: Any = page.evaluate(_RUN_AXE, _COLOURS if only_colours else _RULES)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found
        for node in violation["nodes"]
    ]
