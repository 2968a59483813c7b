"""What a campaign counts: for each response a row of ones and zeros, so that a group's figures are nothing but sums.

Whether a response is counted never hangs on its answers: one with too few answers counts too, with zeros. What one
person can change is bounded: `sensitivity` counts of a statistic, by one each, and each has noise of its own.
Source: the two-sided geometric mechanism (Ghosh, Roughgarden, Sundararajan 2009).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from fitquiz.core.packs import CAMPAIGN, ON_REQUEST, Module, Pack
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import Answers, Score, score_scales, score_traits

LEAN, SUGGESTION, STRONGEST, HIGH, CONDITIONS, LEADING = (
    "lean",
    "suggestion",
    "strongest",
    "high",
    "conditions",
    "leading",
)
UNDECIDED, ANSWERED = "undecided", "answered"


@dataclass(frozen=True, slots=True)
class Statistic:
    """A kind of figure. `noise` is α of P(z) ∝ α^|z|; batches of fewer than `published_from` go without it."""

    name: str
    noise: Fraction
    published_from: int


STATISTICS = (
    Statistic(LEAN, Fraction(1, 3), 5),
    Statistic(SUGGESTION, Fraction(1, 2), 20),
    Statistic(STRONGEST, Fraction(1, 2), 20),
    Statistic(HIGH, Fraction(3, 4), 50),
    Statistic(CONDITIONS, Fraction(3, 4), 50),
    Statistic(LEADING, Fraction(3, 4), 50),
)
BY_DEFAULT = (LEAN, STRONGEST)

Plan = Mapping[str, Fraction]
"""What one campaign counts: statistics by name, each with its noise, which is settled with the first response."""


def offered_statistics(pack: Pack) -> tuple[Statistic, ...]:
    """Return the statistics that a pack has any cells for."""
    return tuple(statistic for statistic in STATISTICS if list_cells(statistic.name, pack))


def list_cells(name: str, pack: Pack) -> tuple[str, ...]:
    """Return the cells of a statistic, in the pack's order; none where the pack has nothing to count."""
    poles, traits = pack.rule.poles, tuple(trait.id for trait in pack.traits)
    module = _leading(pack)
    return {
        LEAN: poles[1:] if poles else (),
        SUGGESTION: (*poles, UNDECIDED) if poles else (),
        STRONGEST: traits,
        HIGH: traits,
        CONDITIONS: tuple(
            item.id for each in pack.modules if each.asked == CAMPAIGN for item in each.items
        ),
        LEADING: (ANSWERED, *module.scales) if module else (),
    }[name]


def sensitivity(name: str, pack: Pack) -> int:
    """Return how many of a statistic's counts one person's answers can change, each by one."""
    cells = len(list_cells(name, pack))
    return min(cells, 2) if name in (SUGGESTION, STRONGEST) else cells


def odds_factor(name: str, noise: Fraction, pack: Pack) -> Fraction:
    """Return the factor by which one person's answers can change the odds of anything published: α^-sensitivity."""
    return (1 / noise) ** sensitivity(name, pack)


def make_plan(names: Iterable[str]) -> Plan:
    """Return the plan of these statistics with the noise that they have today; names that are none are left out."""
    wanted = set(names)
    return {statistic.name: statistic.noise for statistic in STATISTICS if statistic.name in wanted}


def write_plan(plan: Plan) -> str:
    """Return a plan as text, as `lean:1/3 strongest:1/2`."""
    return " ".join(f"{name}:{noise}" for name, noise in plan.items())


def read_plan(text: str) -> Plan:
    """Return the plan that `write_plan` wrote."""
    return {
        name: Fraction(noise) for name, _, noise in (each.partition(":") for each in text.split())
    }


def published_from(name: str, threshold: int) -> int:
    """Return how many responses a batch needs to be published with a statistic."""
    return max(threshold, next(each.published_from for each in STATISTICS if each.name == name))


def list_columns(plan: Plan, pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return statistic and cell of each one or zero that `count_response` gives, in its order."""
    return tuple((name, cell) for name in plan for cell in list_cells(name, pack))


def asked_parts(plan: Plan, pack: Pack) -> tuple[str, ...]:
    """Return the parts that a counted respondent is asked: those of everybody, and the conditions if they count."""
    conditions = (
        tuple(module.id for module in pack.modules if module.asked == CAMPAIGN)
        if CONDITIONS in plan
        else ()
    )
    return (*pack.first_parts, *conditions)


def count_response(
    plan: Plan, pack: Pack, answers: Answers, parts: tuple[str, ...], lot: int
) -> str:
    """Return a one or a zero for each of `list_columns`; `lot`, any integer, chooses among equally strong traits."""
    scores = score_traits(pack, answers, parts)
    ones = {name: _find_ones(name, pack, answers, scores, lot) for name in plan}
    return "".join("1" if cell in ones[name] else "0" for name, cell in list_columns(plan, pack))


def _find_ones(
    name: str, pack: Pack, answers: Answers, scores: tuple[Score, ...], lot: int
) -> set[str]:
    outcome = suggest_role(pack, scores)
    if name == LEAN:
        return set(list_cells(LEAN, pack)) if outcome and outcome.lean > 0 else set()
    if name == SUGGESTION:
        return {outcome.suggestion if outcome.is_decided else UNDECIDED} if outcome else set()
    if name == STRONGEST:
        return _choose_strongest(scores, lot)
    if name == HIGH:
        return {score.id for score in scores if score.level == "high"}
    if name == CONDITIONS:
        agreed = (pack.answer_points - 1) / 2
        return {cell for cell in list_cells(CONDITIONS, pack) if (answers.get(cell) or 0) > agreed}
    return _describe_leading(pack, answers)


def _choose_strongest(scores: tuple[Score, ...], lot: int) -> set[str]:
    scored = [score for score in scores if score.score is not None]
    most = max((score.score or 0 for score in scored), default=None)
    strongest = [score.id for score in scored if score.score == most]
    return {strongest[lot % len(strongest)]} if strongest else set()


def _describe_leading(pack: Pack, answers: Answers) -> set[str]:
    module = _leading(pack)
    scales = (
        [score for score in score_scales(pack, module, answers) if score.score is not None]
        if module
        else []
    )
    return {score.id for score in scales if score.level == "high"} | (
        {ANSWERED} if scales else set()
    )


def _leading(pack: Pack) -> Module | None:
    return next(
        (module for module in pack.modules if module.asked == ON_REQUEST and module.scales), None
    )
