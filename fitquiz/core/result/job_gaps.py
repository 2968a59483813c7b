"""Functions that compare the scores of a respondent with the ratings of a job."""

from collections.abc import Mapping, Sequence

from fitquiz.core.packs import Pack
from fitquiz.core.result.comparisons import Difference, measure_difference
from fitquiz.core.result.scoring import Score, keyed_value

MAX_GAPS = 3

ComparedJob = tuple[str, tuple[Difference, ...], tuple[Difference, ...]]
"""The kind of a job, all its differences from the scores, and the widest of them."""


def compare_offer(
    pack: Pack, scores: Sequence[Score], ratings: Mapping[str, int | None]
) -> tuple[Difference, ...]:
    """Return the difference between the score and the job rating of each trait.

    Leave out a trait without a score or without a rating. `Difference.before` is the score.
    `Difference.after` is the rating, in points of 0-100. The order of the differences is the order
    of `scores`.

    `ratings` maps the id of a trait to a raw answer, from 0 to `pack.answer_points` − 1. Raise
    ValueError if a rating is outside this range. The standard error of a rating is
    the `item_sd` of its trait, because a rating is as uncertain as an answer.
    """
    offered = {}
    for trait, rating in ratings.items():
        if rating is not None:
            offered[trait] = keyed_value(rating, None, pack.answer_points)

    gaps = []
    for score in scores:
        if score.id not in offered or score.score is None or score.variance is None:
            continue
        variance = score.variance + pack.answer_variances[score.id]
        gaps.append(
            measure_difference(score.id, score.score, offered[score.id], variance)
        )
    return tuple(gaps)


def compare_offers(
    pack: Pack,
    scores: Sequence[Score],
    ratings_by_kind: Mapping[str, Mapping[str, int | None]],
) -> list[ComparedJob]:
    """Return the kind, all differences and the widest differences of each rated job."""
    compared = []
    for kind, ratings in ratings_by_kind.items():
        differences = compare_offer(pack, scores, ratings)
        compared.append((kind, differences, find_widest(differences)))
    return compared


def find_widest(gaps: Sequence[Difference]) -> tuple[Difference, ...]:
    """Return at most MAX_GAPS differences, the largest difference first.

    Leave out differences of 0 points. Equally large differences keep their order.
    """
    open_gaps = [gap for gap in gaps if gap.points]
    widest_first = sorted(open_gaps, key=lambda gap: -abs(gap.points))
    return tuple(widest_first[:MAX_GAPS])
