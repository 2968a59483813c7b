"""Whatever was acknowledged is there after a kill, exactly as it was given, and the server soon answers again."""

import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

from tests.reliability.support.answering_crowd import (
    CLIENTS,
    RESTART_SECONDS,
    Diary,
    Respondent,
    check_attempts,
    find_invented,
    find_lost,
    measure_crowding,
    read_answers,
)
from tests.reliability.support.server import Server


def kill_again_and_again(server: Server, kills: int, seed: int) -> tuple[list[Diary], list[float]]:
    """Let four respondents answer while the server is killed; return their diaries and the seconds of each restart."""
    up, over, chance, seconds = threading.Event(), threading.Event(), random.Random(seed), []
    up.set()
    with ThreadPoolExecutor(CLIENTS) as pool:
        respondents = [Respondent(server, up, over, seed + number) for number in range(CLIENTS)]
        running = [pool.submit(each.go_on_until_told) for each in respondents]
        try:
            for _ in range(kills):
                time.sleep(chance.uniform(0.05, 0.6))
                server.kill()
                up.clear()
                seconds.append(server.start())
                up.set()
        finally:
            over.set()
        return [each.result() for each in running], seconds


@pytest.mark.parametrize(
    ("kills", "fewest"),
    [pytest.param(8, 80, id="8"), pytest.param(200, 2000, id="200", marks=pytest.mark.long)],
)
def test_no_acknowledged_answer_is_lost_or_doubled_by_kills(
    server: Server, kills: int, fewest: int, capsys: pytest.CaptureFixture[str]
) -> None:
    diaries, seconds = kill_again_and_again(server, kills, seed=kills)
    stored = read_answers(server, {token for diary in diaries for token in diary.tokens})
    lost = [each for diary in diaries for each in find_lost(diary, stored)]
    acknowledged, crowding = sum(diary.acknowledged for diary in diaries), measure_crowding()
    with capsys.disabled():
        print(
            f"\n{kills} kills, {acknowledged} answers acknowledged, {len(lost)} lost; first page after",
            end=" ",
        )
        print(
            f"{median(seconds):.2f} s (median), {max(seconds):.2f} s (worst); crowding {crowding:.1f}"
        )
    assert lost == []
    assert [each for diary in diaries for each in find_invented(diary, stored)] == []
    assert [each for diary in diaries for each in diary.surprises] == []
    check_attempts(server, diaries)
    assert acknowledged >= fewest
    assert sum(diary.in_background for diary in diaries) >= fewest / 4
    assert max(seconds) <= RESTART_SECONDS * crowding
