"""The result can be worked out again from a respondent's file alone, without the code and the pack."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from fractions import Fraction
from math import isclose
from random import Random
from typing import Any

import pytest

from fitquiz.core.packs import SHARPENING, STANDARD, Pack
from fitquiz.core.result.scoring import Answers
from fitquiz.core.result.whole_result import work_out_result
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.web.results.answer_files import write_csv, write_json
from tests.core.support.pack_building import build_pack, build_six, build_with_own_sd
from tests.web.support.answering import PACK

ODD = build_pack(
    ["a+ a- b+ x- x+ y-", "a+ b- b+ x- y+ y-"],
    {"a": ("back", 1.5), "b": ("back", 0.1), "x": ("front", 1), "y": ("front", 3)},
    modules={"extra": ("everyone", "a+ own- -")},
    points=7,
    item_sd=28.4,
    band=1.5,
    clear=2.5,
    both_from=62.3,
    least_answered=0.4,
)
OWN = build_with_own_sd(x="11.5", a="40")
PACKS = {"shipped": PACK, "odd": ODD, "six": build_six(sharpening=2), "own": OWN}
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def exact(number: float) -> Fraction:
    return Fraction(str(number))


def write_files(pack: Pack, answers: Answers, parts: tuple[str, ...]) -> tuple[str, str]:
    attempt = Attempt(1, b"", pack.content_hash, (), parts, (), NOON, NOON, False, None, answers)
    result = work_out_result(pack, answers, parts, {}, "en")
    return write_json(pack, attempt, result, {}, "en"), write_csv(pack, attempt, result, {}, "en")


def recompute(rule: Any, traits: Any, rows: Sequence[Any], points: int) -> dict[str, Any] | None:
    """Work out a result as docs/scores.md describes it. Each row has part, measures, keyed and answer."""
    scores, errors = {}, {}
    for trait in traits:
        asked = [
            row
            for row in rows
            if row["measures"] == trait["id"] and row["part"] in (STANDARD, SHARPENING)
        ]
        given = [row for row in asked if row["answer"] is not None]
        if not given or len(given) < exact(rule["least_answered"]) * len(asked):
            continue
        steps = [
            row["answer"] if row["keyed"] == "plus" else points - 1 - row["answer"] for row in given
        ]
        scores[trait["id"]] = Fraction(100 * sum(steps), (points - 1) * len(steps))
        errors[trait["id"]] = exact(trait["item_sd"]) ** 2 / len(steps)

    fits, variance = [], Fraction(0)
    for pole in rule["poles"]:
        own = {each["id"]: exact(each["weight"]) for each in traits if each["pole"] == pole}
        used = {name: weight for name, weight in own.items() if name in scores}
        if 2 * sum(used.values()) < sum(own.values()):
            return None
        whole, part = sum(own.values()), sum(used.values())
        fits.append(sum(weight * scores[name] for name, weight in used.items()) / part)
        variance += sum((weight / part) ** 2 * errors[name] for name, weight in used.items())
        for name, weight in own.items():
            off = (weight / part if name in used else 0) - weight / whole
            variance += exact(rule["trait_sd"]) ** 2 * off**2

    lean = fits[1] - fits[0]
    if lean**2 > exact(rule["band"]) ** 2 * variance:
        suggestion = rule["poles"][int(lean > 0)]
    elif min(fits) >= exact(rule["both_from"]):
        suggestion = "versatile"
    elif max(fits) <= exact(rule["neither_to"]):
        suggestion = "neither"
    else:
        suggestion = "too-close"
    return {"scores": scores, "fits": fits, "lean": lean, "se": variance, "suggestion": suggestion}


def draw_answers(pack: Pack, random: Random) -> dict[str, int | None]:
    """Answers of which more or fewer are left out, and which point more or less to one side."""
    left_out, pull = random.choice((0, 0.05, 0.3)), random.random()
    answers: dict[str, int | None] = {}
    for item in pack.items:
        high = pack.answer_points - 1
        near = round(high * (pull + random.random()) / 2)
        answers[item] = None if random.random() < left_out else near
    return answers


@pytest.mark.parametrize("name", PACKS)
def test_the_result_follows_from_the_json_file_alone(name: str) -> None:
    pack, random = PACKS[name], Random(name)
    seen = set()
    for number in range(60):
        parts: tuple[str, ...] = pack.first_parts
        if SHARPENING in pack.parts and number % 2:
            parts = (*parts, SHARPENING)
        whole = json.loads(write_files(pack, draw_answers(pack, random), parts)[0])
        told = whole["result"]
        found = recompute(whole["rule"], whole["traits"], whole["answers"], whole["answer_points"])
        if found is None:
            assert told["suggestion"] is told["lean"] is told["band"] is told["certainty"] is None
            continue
        seen.add(found["suggestion"])
        half = float(exact(whole["rule"]["band"])) * float(found["se"]) ** 0.5
        assert told["suggestion"] == found["suggestion"]
        assert isclose(told["lean"], found["lean"], abs_tol=1e-9)
        assert isclose(told["standard_error"], float(found["se"]) ** 0.5)
        assert told["band"] == pytest.approx([float(found["lean"]) - half, told["lean"] + half])
        assert list(told["fits"].values()) == pytest.approx([float(fit) for fit in found["fits"]])
        assert {
            trait["id"]: told["scores"][trait["id"]]
            for trait in whole["traits"]
            if told["scores"][trait["id"]] is not None
        } == pytest.approx({trait: float(score) for trait, score in found["scores"].items()})
    assert {"back", "front", "too-close"} <= seen


@pytest.mark.parametrize("name", PACKS)
def test_the_result_follows_from_the_csv_file_alone(name: str) -> None:
    pack, random = PACKS[name], Random(name)
    for _ in range(20):
        text = write_files(pack, draw_answers(pack, random), pack.first_parts)[1]
        rows: list[dict[str, Any]] = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        for row in rows:
            row["answer"] = int(row["answer"]) if row["answer"] else None
        last = rows[0]
        rule = {key[5:]: value for key, value in last.items() if key.startswith("rule_")}
        rule["poles"] = [last["first_pole"], last["second_pole"]]
        traits = {row["measures"]: row for row in rows if row["pole"]}
        listed = [
            {key: row[key] for key in ("pole", "weight", "item_sd")} | {"id": trait}
            for trait, row in traits.items()
        ]
        found = recompute(rule, listed, rows, int(last["answer_points"]))
        if found is None:
            assert last["suggestion"] == last["lean"] == last["band_low"] == ""
            continue
        assert last["suggestion"] == found["suggestion"]
        assert float(last["lean"]) == pytest.approx(float(found["lean"]), abs=1e-9)
        assert float(last["lean_standard_error"]) == pytest.approx(float(found["se"]) ** 0.5)
        for trait, score in found["scores"].items():
            assert float(traits[trait]["score"]) == pytest.approx(float(score))


def test_every_number_of_the_rule_is_in_the_file() -> None:
    told = json.loads(write_files(ODD, {}, ODD.first_parts)[0])["rule"]
    for name in ("item_sd", "band", "clear", "both_from", "neither_to", "least_answered"):
        assert exact(told[name]) == getattr(ODD.rule, name), name
    assert told["poles"] == ["back", "front"]


def test_a_trait_and_a_scale_of_one_name_keep_their_own_scores() -> None:
    answers = dict.fromkeys(ODD.items, 6) | {"a-1": 0, "a-2": 6, "a-3": 0, "a-4": 6}
    whole = json.loads(write_files(ODD, answers, ODD.first_parts)[0])
    assert (whole["result"]["scores"]["a"], whole["result"]["modules"]["extra"]["a"]) == (0, 100)


def test_the_shown_numbers_of_the_file_add_up() -> None:
    answers = {item: number % 5 for number, item in enumerate(PACK.items)}
    shown = json.loads(write_files(PACK, answers, PACK.first_parts)[0])["result"]["shown"]
    tenths = {trait: round(10 * points) for trait, points in shown["contributions"].items()}
    back, front = (round(10 * fit) for fit in shown["fits"].values())
    assert sum(tenths.values()) == front - back == round(10 * shown["lean"])
    assert sum(round(10 * points) for points in shown["answers"].values()) == front - back


def test_a_file_without_answers_has_no_numbers() -> None:
    whole = json.loads(write_files(PACK, {}, PACK.first_parts)[0])
    told = whole["result"]
    assert set(told["scores"].values()) == set(told["standard_errors"].values()) == {None}
    assert told["shown"] is told["fits"] is told["missing"] is None
