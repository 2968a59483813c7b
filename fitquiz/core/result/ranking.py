"""The order of the traits in a result without poles: the highest score comes first.

Chance can put two scores in the wrong order. Therefore the ranking also says which traits are
highest, if all traits count that are not clearly below the highest score.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from fitquiz.core.packs import Pack
from fitquiz.core.result.comparisons import CHANGE_FROM
from fitquiz.core.result.scoring import Score


@dataclass(frozen=True, slots=True)
class Ranking:
    """The scores of a result in the order of the page, and the ids of the highest traits.

    `is_ranked` says whether there is an order, because at least two traits have a score.
    `stands_out` says whether some trait with a score is clearly below the highest score.
    """

    scores: tuple[Score, ...]
    is_ranked: bool
    highest: tuple[str, ...]
    stands_out: bool


def rank_traits(pack: Pack, scores: Sequence[Score]) -> Ranking:
    """Return the ranking of a result.

    For a pack with poles, keep the order of the pack, and name no highest traits. Traits without a
    score come last.
    """
    if pack.rule.poles is not None:
        return Ranking(tuple(scores), is_ranked=False, highest=(), stands_out=False)

    scored = [score for score in scores if score.score is not None]
    unscored = [score for score in scores if score.score is None]
    scored.sort(key=_order)
    highest = [score.id for score in scored if not _is_clearly_below(score, scored[0])]
    return Ranking(
        scores=(*scored, *unscored),
        is_ranked=len(scored) > 1,
        highest=tuple(highest),
        stands_out=len(highest) < len(scored),
    )


def _order(score: Score) -> float:
    """Return a number that is lowest for the highest score."""
    points = score.score or 0
    return -float(points)


def _is_clearly_below(lower: Score, upper: Score) -> bool:
    """Return whether the difference of two scores is too large for chance."""
    if lower.score is None or upper.score is None:
        return False
    difference = upper.score - lower.score
    variance = (lower.variance or 0) + (upper.variance or 0)
    margin = CHANGE_FROM**2 * variance
    return difference**2 >= margin
