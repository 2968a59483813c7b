"""What a page costs: bytes over the wire, requests, complaints, and how soon and how calmly it is painted."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page

_WATCH = """() => {
  window.shifts = 0; window.painted = 0;
  new PerformanceObserver(list => list.getEntries().forEach(each => { window.shifts += each.value; }))
    .observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver(list => { window.painted = list.getEntries().at(-1).startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
}"""
_LATE_MS = 100
SLOW_4G = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1_600_000 / 8,
    "uploadThroughput": 750_000 / 8,
}


@dataclass
class Weight:
    """Bytes by kind of file, headers included, as they went over the wire for one view."""

    by_kind: Counter[str] = field(default_factory=Counter)
    addresses: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All bytes of the view."""
        return self.by_kind.total()


class Scales:
    """Weighs every view of one tab, from the moment they are put there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.now = Weight()
        self._kinds: dict[str, str] = {}
        browser = page.context.new_cdp_session(page)
        browser.send("Network.enable")
        browser.on("Network.requestWillBeSent", self._note_request)
        browser.on("Network.loadingFinished", self._note_bytes)
        page.on(
            "console", lambda message: self.now.complaints.append(f"{message.type}: {message.text}")
        )
        page.on("pageerror", lambda error: self.now.complaints.append(str(error)))

    def weigh(self, address: str) -> Weight:
        """Open an address, with what the browser has kept of earlier ones, and return what it cost."""
        self.page.goto("about:blank")
        self.now = Weight()
        self.page.goto(address, wait_until="load")
        self.page.wait_for_timeout(_LATE_MS)
        return self.now

    def _note_request(self, event: dict[str, Any]) -> None:
        if event["request"]["url"].startswith("http"):
            self.now.addresses.append(event["request"]["url"])
            self._kinds[event["requestId"]] = event.get("type", "Other")

    def _note_bytes(self, event: dict[str, Any]) -> None:
        self.now.by_kind[self._kinds.get(event["requestId"], "Other")] += int(
            event["encodedDataLength"]
        )


@dataclass(frozen=True)
class Painting:
    """How a page was painted: when its largest part came, and how much moved meanwhile."""

    largest_ms: float
    shifts: float


def paint_slowly(page: Page, address: str) -> Painting:
    """Open an address as on a cheap phone on slow 4G, and watch it being painted."""
    browser = page.context.new_cdp_session(page)
    browser.send("Network.enable")
    browser.send("Network.emulateNetworkConditions", SLOW_4G)
    browser.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    page.goto(address)
    page.evaluate(_WATCH)
    page.wait_for_timeout(_LATE_MS)
    return Painting(*page.evaluate("[window.painted, window.shifts]"))
