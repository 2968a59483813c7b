"""What can be measured of a page: what sticks out, what is too small to hit, where the focus shows."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Page

SPACED = (
    "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }\
 p { margin-bottom: 2em !important; }"
)

LARGE = "html { font-size: 200% !important; }"
"""Text of 200 %, as a program sets it that zooms only the text. Queries of the width do not notice this."""

_STICKING_OUT = """css => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = css ? [sheet] : [];
  const root = document.documentElement, width = root.clientWidth;
  const isFar = each => each.getBoundingClientRect().right > width + 1;
  const all = root.scrollWidth > width ? [...document.body.querySelectorAll("*:not(svg *)")] : [];
  const found = all.filter(isFar).map(each => `${each.tagName} ${each.textContent.trim().slice(0, 40)}`);
  document.adoptedStyleSheets = [];
  return found;
}"""
_SMALL_TARGETS = """() => {
  const alone = each => !each.closest("p, li, dd, td") ||
    each.closest("p, li, dd, td").textContent.trim() === each.textContent.trim();
  const all = [...document.querySelectorAll("a, button, input, summary")];
  return all.filter(each => each.checkVisibility() && !each.matches(".skip") && alone(each)).map(each => {
    const box = each.getBoundingClientRect();
    const least = each.matches(".answers button") ? 48 : 24;
    return box.height < least || box.width < 24 ? `${each.outerHTML.slice(0, 80)} ${box.width}x${box.height}` : "";
  }).filter(Boolean);
}"""
_FOCUSED = """() => {
  const each = document.activeElement, style = getComputedStyle(each), box = each.getBoundingClientRect();
  if (each === document.body) return null;
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height / 2, 20));
  return {
    name: each.outerHTML.slice(0, 80),
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    seen: !!top && (each.contains(top) || top.contains(each)),
    last: each === [...document.querySelectorAll("a[href], button, input:not([type=hidden])")]
      .filter(one => one.checkVisibility()).at(-1),
  };
}"""
_MOST_STOPS = 90


def list_sticking_out(page: Page, width: int, css: str = "", text_size: int = 16) -> list[str]:
    """Return what makes the page scroll sideways: at a width, with a style sheet laid over it, with larger text.

    The text is enlarged as people do it, in the browser's settings; the page is left as it was.
    """
    page.set_viewport_size({"width": width, "height": 667})
    with text_of_size(page, text_size):
        found: list[str] = page.evaluate(_STICKING_OUT, css)
    return [f"{width} px: {each}" for each in found]


@contextmanager
def text_of_size(page: Page, text_size: int) -> Iterator[None]:
    """Enlarge the text until the block ends. To set the usual size too would only cost time."""
    if text_size == 16:
        yield
        return
    browser = page.context.new_cdp_session(page)
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": text_size, "fixed": text_size}})
    yield
    browser.send("Page.setFontSizes", {"fontSizes": {"standard": 16, "fixed": 13}})
    browser.detach()


def list_small_targets(page: Page) -> list[str]:
    """Return answer buttons lower than 48 px, and other targets smaller than 24 px that aren't part of a sentence."""
    found: list[str] = page.evaluate(_SMALL_TARGETS)
    return found


def tab_through(page: Page) -> list[dict[str, Any]]:
    """Press Tab from the top until the last target has been reached; return what had the focus at every stop."""
    stops: list[dict[str, Any]] = []
    page.evaluate("document.activeElement.blur()")
    while not (stops and stops[-1]["last"]) and len(stops) < _MOST_STOPS:
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(_FOCUSED)
            or {"name": "nothing", "outline": 0, "seen": False, "last": False}
        )
    return stops
