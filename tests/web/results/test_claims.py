"""The result claims only what the answers say, and tells the respondent alone how she answered."""

from random import Random

from fitquiz.core.result.whole_result import work_out_result
from tests.web.support.answering import FIRST, PACK
from tests.web.support.respondent import Respondent


def test_no_side_is_told_where_the_band_reaches_the_middle(alice: Respondent) -> None:
    random = Random(11)
    for _ in range(4):
        answers = {item: random.randrange(5) for item in FIRST}
        page = alice.take(answers)
        scores = work_out_result(PACK, answers, PACK.first_parts, {}, "en").scores
        for score in scores:
            said = PACK.words["en"]["traits"][score.id]
            assert score.score is not None
            assert score.variance is not None
            is_near = (score.score - 50) ** 2 <= score.variance
            told = said["high" if score.score > 50 else "low"]
            assert (told in page.text) == (not is_near)


def test_a_hint_about_the_answers_stands_before_the_areas(alice: Respondent) -> None:
    page = alice.take(dict.fromkeys(FIRST, 4))
    hint = page.text.index("The result may say little")
    assert page.text.index("another result.") < hint < page.text.index("Why this result?")
    (note,) = page.find_all("div", id="answering")
    assert "screen" in note.get("class", "").split()
