"""The numbers that are equal for all packs, for the page that explains the scoring."""

from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from fitquiz.core.packs import Pack
from fitquiz.core.result.answering_style import (
    CONTRADICTED_TRAITS,
    CONTRADICTION,
    MIN_ANSWERED,
    SECONDS_PER_WORD,
    SECONDS_TO_TAP,
    STRAIGHT_SHARE,
)
from fitquiz.core.result.comparisons import CHANGE_FROM
from fitquiz.core.result.scoring import HIGH_FROM, LOW_TO, MIDDLE, TRAIT_SD
from fitquiz.core.result.whole_result import MIN_ANSWERS_OF_STRENGTH


@dataclass(frozen=True, slots=True)
class FixedNumbers:
    """The numbers of the code that the page about the scoring shows.

    `middle`, `high_from`, `low_to`, `trait_sd` and `contradiction` are points. `change_from` counts
    standard errors. `straight_share` and `contradicted_traits` are fractions from 0 to 1.
    `seconds_to_tap` and `seconds_per_word` are seconds. `strength_answers` and `style_answers` are
    the fewest answers for a strength, and for a hint about the answering style.
    """

    middle: Fraction = MIDDLE
    high_from: Fraction = HIGH_FROM
    low_to: Fraction = LOW_TO
    trait_sd: int = TRAIT_SD
    change_from: Fraction = CHANGE_FROM
    strength_answers: int = MIN_ANSWERS_OF_STRENGTH
    style_answers: int = MIN_ANSWERED
    straight_share: float = STRAIGHT_SHARE
    seconds_to_tap: float = SECONDS_TO_TAP
    seconds_per_word: float = SECONDS_PER_WORD
    contradiction: int = CONTRADICTION
    contradicted_traits: Fraction = CONTRADICTED_TRAITS

    def count_contradicted(self, pack: Pack) -> int:
        """Return the fewest contradicted traits of a pack for a hint about them."""
        return ceil(self.contradicted_traits * len(pack.traits))


FIXED_NUMBERS = FixedNumbers()
