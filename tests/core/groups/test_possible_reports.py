"""Random seals become reports, and no report says what cannot be true."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest

from fitquiz.core.groups.agreeing_counts import make_counts_agree
from fitquiz.core.groups.findings import (
    FEW,
    MOST,
    OVER_HALF,
    UNDER_HALF,
    AnswersFinding,
    LeanFinding,
    StrongestFinding,
    UnitsFinding,
    find_level,
)
from fitquiz.core.groups.percentages import OR_LESS, OR_MORE, Change, Percentage
from fitquiz.core.groups.reporting import Report, UnitReport
from fitquiz.core.groups.unit_lists import Path
from tests.core.support.random_seals import (
    Ledger,
    add_to_ledger,
    draw_campaign,
    make_reports,
)

OVER = (MOST, OVER_HALF)
UNDER = (FEW, UNDER_HALF)
EXCLUSIVE = ("suggestion", "strongest")
ROUNDING = 1
"""Shares that add up to 100 are moved by less than 1, so that shares of several groups can differ by that."""


def draw_ledger(rng: random.Random) -> Ledger:
    """Return the published sums of a random campaign with one or two seals."""
    ledger: Ledger = {}
    moved: Counter[tuple[Path, str, str]] = Counter()
    for _ in range(rng.randrange(1, 3)):
        noisy, _ = draw_campaign(rng)
        agreeing = make_counts_agree(noisy, moved)
        add_to_ledger(ledger, agreeing)
        for group, counts in agreeing.items():
            for each in counts:
                moved[group.path, each.statistic, each.cell] += each.moved
    return ledger


def find_ends(share: Percentage) -> tuple[int, int]:
    """Return the smallest and the largest per cent that the words for a share can mean."""
    if share.bound == OR_MORE:
        return 90, 100
    if share.bound == OR_LESS:
        return 0, 10
    return share.percent, share.percent


def find_impossible_shares(unit: UnitReport) -> Iterator[str]:
    for statistic, shares in unit.percentages.items():
        for share in shares.values():
            if not 0 <= share.low <= share.percent <= share.high <= 100:
                yield f"{statistic}: a share outside its range"
            widest = max(share.percent - share.low, share.high - share.percent)
            # A bound stands for ten points, and a ratio has a longer range on one side.
            if not share.bound and statistic != "leading" and widest > share.plus_minus + ROUNDING:
                yield f"{statistic}: a range wider than its ±"
        if statistic in EXCLUSIVE:
            ends = [find_ends(share) for share in shares.values()]
            if not sum(low for low, _ in ends) <= 100 <= sum(high for _, high in ends):
                yield f"{statistic}: shares that do not add up"
            lows = sum(share.low for share in shares.values())
            highs = sum(share.high for share in shares.values())
            if not lows <= 100 <= highs:
                yield f"{statistic}: ranges that do not add up"
    yield from find_impossible_suggestions(unit.percentages)


def find_impossible_suggestions(shares: Mapping[str, Mapping[str, Percentage]]) -> Iterator[str]:
    """Nobody has a suggestion for a pole without leaning to this pole."""
    (lean,) = shares["lean"].values()
    suggestions = shares.get("suggestion", {})
    if suggestions and suggestions["front"].n == lean.n:
        least_front, _ = find_ends(suggestions["front"])
        least_back, _ = find_ends(suggestions["back"])
        least_lean, most_lean = find_ends(lean)
        if least_front > most_lean or suggestions["front"].percent > lean.percent:
            yield "suggestion: more for front than lean to the front"
        if least_back > 100 - least_lean or suggestions["back"].percent > 100 - lean.percent:
            yield "suggestion: more for back than lean to the back"


def find_wrong_sentences(report: Report) -> Iterator[str]:
    shares = report.here.percentages
    for finding in report.findings:
        if isinstance(finding, LeanFinding):
            (lean,) = shares["lean"].values()
            if (finding.low, finding.high) != (lean.low, lean.high):
                yield "a sentence with another range than its figure"
            if finding.level in OVER and lean.percent <= 50:
                yield "more than half, but the figure is not"
            if finding.level in UNDER and lean.percent >= 50:
                yield "fewer than half, but the figure is not"
        elif isinstance(finding, StrongestFinding):
            largest = max(share.percent for share in shares["strongest"].values())
            named = [shares["strongest"][trait] for trait in finding.traits]
            if largest > max(share.percent for share in named):
                yield "a strongest trait that is not the largest figure"
            if (finding.low, finding.high) != (named[0].low, named[0].high):
                yield "a sentence with another range than its figure"
        elif isinstance(finding, UnitsFinding):
            yield from find_wrong_units(report, finding)
        elif isinstance(finding, AnswersFinding) and not says_here(finding, report.here):
            yield "a sentence with other answers than the figure"


def says_here(finding: AnswersFinding, here: UnitReport) -> bool:
    """Whether a sentence says the same about the answers as the figures of its unit."""
    return finding == AnswersFinding(here.answers, here.rate, here.is_exact)


def find_wrong_units(report: Report, finding: UnitsFinding) -> Iterator[str]:
    levels = {}
    for row in report.rows:
        assert row.figures is not None
        (lean,) = row.figures.percentages["lean"].values()
        level = find_level(lean.low, lean.high)
        levels[row.path] = level if lean.is_meaningful else ""
    over = [path for path, level in levels.items() if level in OVER]
    under = [path for path, level in levels.items() if level in UNDER]
    if (finding.over_count, finding.under_count) != (len(over), len(under)):
        yield "a sentence with other units than the table"
    if set(finding.over) - set(over) or set(finding.under) - set(under):
        yield "a sentence that names other units than the table"
    lean_findings = [each for each in report.findings if isinstance(each, LeanFinding)]
    if lean_findings and not report.own:
        level = lean_findings[0].level
        if level in OVER and len(under) == len(levels):
            yield "more than half of the whole, but fewer than half of each unit"
        if level in UNDER and len(over) == len(levels):
            yield "fewer than half of the whole, but more than half of each unit"


def find_wrong_sums(report: Report) -> Iterator[str]:
    """Return how the units below cannot be parts of the unit above them."""
    units = [row.figures for row in report.rows if row.figures is not None]
    if sum(unit.answers for unit in units) + report.own != report.here.answers or report.own < 0:
        yield "answers that do not add up"
    for statistic, shares in report.here.percentages.items():
        for cell, share in shares.items():
            parts = [unit.percentages.get(statistic, {}).get(cell) for unit in units]
            known = [part for part in parts if part is not None]
            if not known or sum(part.n for part in known) != share.n:
                continue
            slack = ROUNDING if statistic in EXCLUSIVE else 0
            percents = [part.percent for part in known]
            if not min(percents) - slack <= share.percent <= max(percents) + slack:
                yield f"{statistic}: a share outside the shares of its units"
            if share.high < min(part.low for part in known):
                yield f"{statistic}: a range below the ranges of its units"
            if share.low > max(part.high for part in known):
                yield f"{statistic}: a range above the ranges of its units"


def find_wrong_changes(report: Report, now: Ledger, then: Ledger) -> Iterator[str]:
    for (statistic, cell), change in report.changes.items():
        if not -100 <= change.low <= change.points <= change.high <= 100:
            yield f"{statistic}: a change outside what is possible"
        if statistic == "leading":
            continue
        sums = [ledger[report.here.path][statistic, cell] for ledger in (now, then)]
        shares = [100 * each.count / each.n for each in sums]
        if change.is_clear and not is_sure(change, shares[0] - shares[1]):
            yield f"{statistic}: a clear change in the wrong direction"


def is_sure(change: Change, difference: float) -> bool:
    """Whether a clear change has the direction of the exact difference, and is not larger."""
    least = change.low if change.low > 0 else -change.high
    direction = 1 if change.low > 0 else -1
    return direction * difference >= least


@pytest.mark.parametrize("seals", [300, pytest.param(10_000, marks=pytest.mark.long)])
def test_no_report_says_what_cannot_be_true(seals: int) -> None:
    rng = random.Random(1)
    wrong: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    before: Ledger = {}
    for _ in range(seals):
        ledger = draw_ledger(rng)
        for report in make_reports(ledger, before, rng).values():
            for unit in report.shown:
                wrong.update(find_impossible_shares(unit))
            wrong.update(find_wrong_sentences(report))
            wrong.update(find_wrong_sums(report))
            wrong.update(find_wrong_changes(report, ledger, before))
            kinds.update(type(each).__name__ for each in report.findings)
            kinds["clear"] += len(report.clear_changes)
        before = ledger
    assert wrong == {}
    assert min(kinds[name] for name in ("LeanFinding", "UnitsFinding", "AnswersFinding", "clear"))
