"""`make bench`: the product beside a bare Flask app, in turn, on SQLite and on PostgreSQL."""

import argparse
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from tests.benchmarks.loads import (
    Taker,
    drive,
    measure_item_page,
    read_bare_pages,
    read_items,
    read_results,
    send_answers,
    send_bare_answers,
    take_attempts,
    take_attempts_on_shared_device,
    take_attempts_with_script,
)
from tests.benchmarks.servers import Measured, make_database, postgres, serve_bare, serve_product
from tests.benchmarks.table import (
    COLUMNS,
    GETS,
    POSTS,
    Column,
    Round,
    write_head,
    write_ratios,
    write_row,
)

ATTEMPTS = "whole attempts"
ATTEMPTS_WITH_SCRIPT = "whole attempts with script"
ATTEMPTS_ON_SHARED_DEVICE = "whole attempts on a shared device"
WHOLE_ATTEMPTS = (ATTEMPTS, ATTEMPTS_WITH_SCRIPT, ATTEMPTS_ON_SHARED_DEVICE)
ITEMS, ANSWERS, RESULTS = "item page", "answer", "result page"
BARE_PAGES, BARE_ANSWERS = "(a) bare page", "(b) bare INSERT"
BARE: dict[str, tuple[Column, ...]] = {
    BARE_PAGES: tuple(column for column in COLUMNS if column != POSTS),
    BARE_ANSWERS: tuple(column for column in COLUMNS if column != GETS),
}
"""What the product is compared with, and in which figures: (a) takes nothing in, and (b) shows nothing."""
LOADS: dict[str, Taker] = {
    ATTEMPTS: take_attempts,
    ATTEMPTS_WITH_SCRIPT: take_attempts_with_script,
    ATTEMPTS_ON_SHARED_DEVICE: take_attempts_on_shared_device,
    ITEMS: read_items,
    BARE_PAGES: read_bare_pages,
    ANSWERS: send_answers,
    BARE_ANSWERS: send_bare_answers,
    RESULTS: read_results,
}


def measure(server: Measured, name: str, at_once: int, seconds: float) -> Round:
    """Drive one load for so long."""
    began: list[float] = []
    tally = drive(
        server.port,
        LOADS[name],
        at_once,
        seconds,
        lambda: began.extend((time.monotonic(), server.cpu_seconds())),
    )
    took, cpu = time.monotonic() - began[0], server.cpu_seconds() - began[1]
    is_whole = name in WHOLE_ATTEMPTS
    done = tally.completions if is_whole else len(tally.gets) + len(tally.posts)
    return Round(took, done, tally.gets, tally.posts, cpu, tally.bytes_read)


def compare(
    kind: str, url: tuple[str, str], database_pid: int | None, options: argparse.Namespace
) -> Iterator[str]:
    """Measure all loads on one kind of database; yield the lines that tell of it."""
    with tempfile.TemporaryDirectory(prefix="fitquiz-bench-") as folder, ExitStack() as servers:
        began = time.monotonic()
        product = servers.enter_context(
            serve_product(Path(folder), url[0].format(folder=folder), database_pid)
        )
        started = time.monotonic() - began
        page_bytes = measure_item_page(product.port)
        bare = servers.enter_context(
            serve_bare(Path(folder), url[1].format(folder=folder), database_pid, page_bytes)
        )
        yield from (f"\n## {kind}\n", write_head())
        measured: dict[int, dict[str, list[Round]]] = {}
        for at_once in options.at_once:
            measured[at_once] = _measure_all(product, bare, at_once, options)
            yield from (
                write_row(name, at_once, rounds) for name, rounds in measured[at_once].items()
            )
        for other, columns in BARE.items():
            yield from (f"\nAs a ratio to {other}, at as many at once:\n", write_head(columns))
            for at_once, each in measured.items():
                loads = [name for name in each if name not in BARE]
                yield from (
                    write_ratios(name, at_once, each[name], each[other], columns) for name in loads
                )
        most, most_of_bare = product.peak_bytes() / 1e6, bare.peak_bytes() / 1e6
        peaks = f"{most:.0f} MB (bare: {most_of_bare:.0f} MB, a ratio of {most / most_of_bare:.2f})"
        yield f"\nPeak memory of a process: {peaks}. Start to first page: {started:.1f} s. Item page: {page_bytes} B."


def _measure_all(
    product: Measured, bare: Measured, at_once: int, options: argparse.Namespace
) -> dict[str, list[Round]]:
    """Measure each load once a round; each round begins with another, so that none always comes first."""
    rounds: dict[str, list[Round]] = {name: [] for name in LOADS}
    for turn in range(options.rounds):
        for name in (*list(LOADS)[turn % len(LOADS) :], *list(LOADS)[: turn % len(LOADS)]):
            rounds[name].append(
                measure(bare if name in BARE else product, name, at_once, options.seconds)
            )
    return rounds


def main() -> None:
    """Measure, and print each line as soon as it is known."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--seconds", type=float, default=3, help="how long each load runs in each round"
    )
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--at-once", type=int, nargs="+", default=[1, 8, 32])
    parser.add_argument(
        "--databases", nargs="+", default=["sqlite", "postgresql"], choices=["sqlite", "postgresql"]
    )
    options = parser.parse_args()
    if "sqlite" in options.databases:
        for line in compare(
            "SQLite", ("sqlite:///{folder}/fitquiz.db", "sqlite:///{folder}/bare.db"), None, options
        ):
            print(line, flush=True)
    if "postgresql" in options.databases:
        with postgres() as (url, pid):
            urls = make_database(url, "product"), make_database(url, "bare")
            for line in compare("PostgreSQL", urls, pid, options):
                print(line, flush=True)


if __name__ == "__main__":
    main()
