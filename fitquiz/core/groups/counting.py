"""Functions that turn the answers of an attempt into a response, with one digit for each cell.

Each digit is 1 or 0. The sums of the digits are the counts of a group. An attempt with too few
answers for a suggestion is undecided. An attempt without any score has a strongest trait by lot. For
the other statistics, all digits are then 0. The campaign counts each response, because the number of
counted responses must not depend on the answers.

`sensitivity` is the largest number of counts of a statistic that the answers of one person can
change. One person changes a count by at most 1. `seal_rules.publish_counts` adds random noise to
each published count. Source of the noise: the two-sided geometric mechanism of Ghosh, Roughgarden
and Sundararajan (2009).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from fitquiz.core.groups.noise import plus_minus
from fitquiz.core.packs import CAMPAIGN, ON_REQUEST, Module, Pack
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import HIGH as HIGH_LEVEL
from fitquiz.core.result.scoring import Answers, Score, score_scales, score_traits

LEAN = "lean"
SUGGESTION = "suggestion"
STRONGEST = "strongest"
HIGH = "high"
CONDITIONS = "conditions"
LEADING = "leading"
"""The names of the statistics.

LEAN counts the responses with a lean above 0. SUGGESTION counts each suggestion. STRONGEST counts
for each trait how often the trait has the highest score. HIGH counts the high scores of each trait.
CONDITIONS counts how many respondents agree with each item of the CAMPAIGN modules. LEADING counts
the high scores of each scale in the first ON_REQUEST module that has scales.
"""

UNDECIDED = "undecided"
ANSWERED = "answered"
"""Two cells with fixed names. The name of any other cell is the id of a pole, trait, item or scale.

UNDECIDED is a cell of SUGGESTION, and counts the responses whose suggestion is not a pole. ANSWERED
is a cell of LEADING, and counts the responses with a score for at least one of the scales.
"""


@dataclass(frozen=True, slots=True)
class Statistic:
    """A kind of group figure.

    Each count gets a random whole number z as noise, with P(z) ∝ α^|z|. `noise` is the number α.
    With this noise, the statistic is published only for groups of at least `published_from`
    responses.
    """

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

CountingPlan = Mapping[str, Fraction]
"""The statistics that a campaign counts.

Each key is the name of a statistic. Each value is the α of this statistic. The plan of a campaign
never changes after the first day of the campaign.
"""


def offered_statistics(pack: Pack) -> tuple[Statistic, ...]:
    """Return the statistics that have cells in a pack."""
    return tuple(
        statistic for statistic in STATISTICS if list_cells(statistic.name, pack)
    )


def list_cells(name: str, pack: Pack) -> tuple[str, ...]:
    """Return the cells of the statistic `name`, in the order of the pack.

    Return an empty tuple if the pack has no cells for the statistic. Raise ValueError if no
    statistic has the name `name`.
    """
    poles = pack.rule.poles
    if name == LEAN:
        return poles[1:] if poles else ()
    if name == SUGGESTION:
        return (*poles, UNDECIDED) if poles else ()
    if name in (STRONGEST, HIGH):
        return tuple(trait.id for trait in pack.traits)
    if name == CONDITIONS:
        modules = [module for module in pack.modules if module.asked == CAMPAIGN]
        return tuple(item.id for module in modules for item in module.items)
    if name == LEADING:
        leading = _find_first_scaled_module(pack)
        return (ANSWERED, *leading.scales) if leading else ()
    raise ValueError(f"there is no statistic {name!r}")


def sensitivity(name: str, pack: Pack) -> int:
    """Return how many counts of a statistic the answers of one person can change at most.

    One person changes a count by at most 1.
    """
    cells = len(list_cells(name, pack))
    if name in (SUGGESTION, STRONGEST):
        return min(cells, 2)
    return cells


def odds_factor(name: str, noise: Fraction, pack: Pack) -> Fraction:
    """Return the odds factor of a statistic, α^−sensitivity. `noise` is α.

    One person's answers change the odds of the published counts by at most this factor.
    """
    return (1 / noise) ** sensitivity(name, pack)


def make_plan(names: Iterable[str]) -> CountingPlan:
    """Return a plan of the statistics in `names`, with their `noise` from STATISTICS.

    Ignore names that are not in STATISTICS.
    """
    wanted = set(names)
    plan = {}
    for statistic in STATISTICS:
        if statistic.name in wanted:
            plan[statistic.name] = statistic.noise
    return plan


def write_plan(plan: CountingPlan) -> str:
    """Return a plan as text, such as `lean:1/3 strongest:1/2`."""
    parts = [f"{name}:{noise}" for name, noise in plan.items()]
    return " ".join(parts)


def read_plan(text: str) -> CountingPlan:
    """Return the plan from a text that `write_plan` returned."""
    plan = {}
    for each in text.split():
        name, _, noise = each.partition(":")
        plan[name] = Fraction(noise)
    return plan


def published_from(name: str, noise: Fraction, threshold: int) -> int:
    """Return the smallest number of responses for which the statistic `name` is published.

    `noise` is the α of the statistic in the campaign. `threshold` is the threshold of the campaign.

    More noise than in STATISTICS needs a larger group. In the smallest group, the range of a
    percentage is then as wide as with the noise of STATISTICS.
    """
    statistic = _find_statistic(name)
    widening = Fraction(plus_minus(noise, 1), plus_minus(statistic.noise, 1))
    needed = ceil(statistic.published_from * max(widening, Fraction(1)))
    return max(threshold, needed)


def list_columns(plan: CountingPlan, pack: Pack) -> tuple[tuple[str, str], ...]:
    """Return a pair (statistic, cell) for each digit that `count_response` returns.

    The pairs have the order of the digits.
    """
    columns: list[tuple[str, str]] = []
    for name in plan:
        columns.extend((name, cell) for cell in list_cells(name, pack))
    return tuple(columns)


def asked_parts(plan: CountingPlan, pack: Pack) -> tuple[str, ...]:
    """Return the ids of the parts with which an attempt for a campaign begins.

    `plan` is the plan of the campaign. The parts include the CAMPAIGN modules only if `plan`
    contains CONDITIONS.
    """
    if CONDITIONS not in plan:
        return pack.first_parts
    conditions = [module.id for module in pack.modules if module.asked == CAMPAIGN]
    return (*pack.first_parts, *conditions)


def count_response(
    plan: CountingPlan,
    pack: Pack,
    answers: Answers,
    parts: tuple[str, ...],
    tie_breaker: int,
) -> str:
    """Return the response of an attempt, with the digit `1` or `0` for each pair of `list_columns`.

    `parts` contains the ids of the parts that the respondent got. `tie_breaker` is any integer. If
    several traits have the highest score, `tie_breaker` chooses the trait that is counted.
    """
    scores = score_traits(pack, answers, parts)
    columns: list[str] = []
    for name in plan:
        ones = _find_ones(name, pack, answers, scores, tie_breaker)
        cells = list_cells(name, pack)
        columns.extend("1" if cell in ones else "0" for cell in cells)
    return "".join(columns)


def _find_statistic(name: str) -> Statistic:
    return next(each for each in STATISTICS if each.name == name)


def _find_ones(
    name: str, pack: Pack, answers: Answers, scores: tuple[Score, ...], tie_breaker: int
) -> set[str]:
    """Return the cells of the statistic `name` to which the response adds 1."""
    if name == LEAN:
        return _find_lean(pack, scores)
    if name == SUGGESTION:
        return _find_suggestion(pack, scores)
    if name == STRONGEST:
        return _find_strongest(scores, tie_breaker)
    if name == HIGH:
        return {score.id for score in scores if score.level == HIGH_LEVEL}
    if name == CONDITIONS:
        return _find_agreed(pack, answers)
    return _find_leading(pack, answers)


def _find_lean(pack: Pack, scores: tuple[Score, ...]) -> set[str]:
    outcome = suggest_role(pack, scores)
    if outcome is None or outcome.lean <= 0:
        return set()
    return set(list_cells(LEAN, pack))


def _find_suggestion(pack: Pack, scores: tuple[Score, ...]) -> set[str]:
    if pack.rule.poles is None:
        return set()
    outcome = suggest_role(pack, scores)
    if outcome is None or not outcome.is_decided:
        return {UNDECIDED}
    return {outcome.suggestion}


def _find_strongest(scores: tuple[Score, ...], tie_breaker: int) -> set[str]:
    """Return the trait with the highest score. Without any score, all traits are equally strong."""
    scored = {score.id: score.score for score in scores if score.score is not None}
    highest = max(scored.values(), default=None)
    strongest = [score.id for score in scores if score.score == highest]
    return {strongest[tie_breaker % len(strongest)]}


def _find_agreed(pack: Pack, answers: Answers) -> set[str]:
    neutral = (pack.answer_points - 1) / 2
    agreed = set()
    for item in list_cells(CONDITIONS, pack):
        answer = answers.get(item)
        if answer is not None and answer > neutral:
            agreed.add(item)
    return agreed


def _find_leading(pack: Pack, answers: Answers) -> set[str]:
    module = _find_first_scaled_module(pack)
    if module is None:
        return set()
    scored = [
        score
        for score in score_scales(pack, module, answers)
        if score.score is not None
    ]
    if not scored:
        return set()
    high = {score.id for score in scored if score.level == HIGH_LEVEL}
    return {ANSWERED, *high}


def _find_first_scaled_module(pack: Pack) -> Module | None:
    for module in pack.modules:
        if module.asked == ON_REQUEST and module.scales:
            return module
    return None
