"""Every page that people can come to, by name: the attempt that this device holds there, if any, and the address."""

from dataclasses import dataclass

import pytest

from tests.browser.support.planting import Plan

_PACK = "/packs/front-back-office"
_ATTEMPT = "/attempts/{handle}"
_RESULT = f"{_ATTEMPT}/result"


@dataclass(frozen=True)
class Spot:
    """A page: `path` follows the language; `says` is where in the pack's words its heading stands, if there.

    `device` is `own` or `shared` for a device that holds the attempt, and `another` for one that does not.
    """

    path: str
    plan: Plan | None = None
    says: str = ""
    device: str = "own"


HALF = Plan(answered=14, skipped=(3,), sent=False)
FILLED = Plan(sent=False)
BACK = Plan()
EVEN = Plan(levels=(4, 2, 1, 3, 2, 2))
LONGEST = Plan(same=4, more=("leading",))

RESULTS = {
    "result-clearly-back": Spot(_RESULT, BACK, "suggestions.back.clearly"),
    "result-back": Spot(_RESULT, Plan(levels=(3, 3, 2, 2, 2, 2)), "suggestions.back.headline"),
    "result-clearly-front": Spot(
        _RESULT, Plan(levels=(1, 0, 1, 4, 3, 4)), "suggestions.front.clearly"
    ),
    "result-front": Spot(_RESULT, Plan(levels=(2, 2, 1, 3, 2, 2)), "suggestions.front.headline"),
    "result-versatile": Spot(
        _RESULT, Plan(levels=(3, 3, 3, 3, 3, 4)), "suggestions.versatile.headline"
    ),
    "result-neither": Spot(
        _RESULT, Plan(levels=(1, 1, 1, 1, 1, 0)), "suggestions.neither.headline"
    ),
    "result-too-close": Spot(
        _RESULT, Plan(levels=(3, 2, 2, 2, 2, 2)), "suggestions.too-close.headline"
    ),
    "result-even": Spot(_RESULT, EVEN, "suggestions.too-close.headline"),
    "result-sharpened": Spot(
        _RESULT, Plan(EVEN.levels, more=("sharpening",)), "suggestions.too-close.headline"
    ),
    "result-with-leading": Spot(_RESULT, Plan(levels=(4, 2, 2, 3, 1, 3), more=("leading",))),
    "result-longest": Spot(_RESULT, LONGEST, "suggestions.too-close.headline"),
    "result-same-answers": Spot(_RESULT, Plan(same=4), "suggestions.too-close.headline"),
    "result-too-few": Spot(_RESULT, Plan(answered=9)),
    "result-more-begun": Spot(_RESULT, Plan(opened=("leading",)), "suggestions.back.clearly"),
}

PAGES = {
    "start": Spot("/"),
    "start-half-way": Spot("/", HALF),
    "start-after": Spot("/", BACK),
    "start-shared": Spot("/", BACK, device="shared"),
    "begin": Spot(f"{_PACK}/begin"),
    "item-fresh": Spot(f"{_ATTEMPT}/items/listening-3#statement", HALF, "items.listening-3"),
    "item-answered": Spot(f"{_ATTEMPT}/items/autonomy-1#statement", HALF, "items.autonomy-1"),
    "item-left-out": Spot(
        f"{_ATTEMPT}/items/problem-solving-1#statement", HALF, "items.problem-solving-1"
    ),
    "item-from-check": Spot(
        f"{_ATTEMPT}/items/focus-1?from=check#statement", FILLED, "items.focus-1"
    ),
    "check": Spot(f"{_ATTEMPT}/check", Plan(skipped=(3, 20), sent=False)),
    "check-too-few": Spot(f"{_ATTEMPT}/check", Plan(skipped=tuple(range(4, 26)), sent=False)),
    **RESULTS,
    "how-of-result": Spot(f"{_ATTEMPT}/how", BACK),
    "result-with-job": Spot(_RESULT, Plan(rated=True)),
    "share": Spot(f"{_ATTEMPT}/share", Plan(shared=True)),
    "job": Spot(f"{_ATTEMPT}/jobs/present", Plan(rated=True)),
    "compare-nothing": Spot(f"{_ATTEMPT}/compare", BACK),
    "answers": Spot(f"{_ATTEMPT}/answers", BACK),
    "link": Spot(f"{_ATTEMPT}/link", BACK),
    "delete": Spot(f"{_ATTEMPT}/delete", BACK),
    "deleted": Spot(f"{_ATTEMPT}/deleted", Plan(deleted=True)),
    "come-back": Spot("/return/{token}", BACK, device="another"),
    "clear": Spot("/clear", BACK),
    "clear-nothing": Spot("/clear"),
    "cleared": Spot("/cleared"),
    "how": Spot(f"{_PACK}/how"),
    "statements": Spot(f"{_PACK}/statements"),
    "paper": Spot(f"{_PACK}/paper"),
    "privacy": Spot("/privacy"),
}
_NYNORSK_LATER = pytest.param("nn", marks=pytest.mark.long)
NB_AT_ONCE = ("nb", _NYNORSK_LATER, pytest.param("en", marks=pytest.mark.long))
"""Bokmål with every run, since its words are longer, the others with the long ones: for tests that take their time."""
NB_AND_EN_AT_ONCE = ("nb", _NYNORSK_LATER, "en")
"""Nynorsk with the long tests only, since its words are about as long as those of Bokmål."""
