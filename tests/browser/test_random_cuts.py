"""Somebody answers while the network and the server come and go at random: no answer is lost."""

import random
import threading
from collections.abc import Callable

import pytest

from fitquiz.core.packs import Pack
from fitquiz.store.engine.database import Database, open_database
from tests.browser.support.answering_person import AnsweringPerson
from tests.browser.support.engines import Engine
from tests.browser.support.network import Network, open_network
from tests.browser.support.planting import Plan, plant
from tests.browser.support.random_answering import RandomAnswering
from tests.reliability.support.server import Server

pytestmark = [
    pytest.mark.browser,
    pytest.mark.long,
    pytest.mark.parametrize("engine", ["chromium", "firefox"], indirect=True),
]
CUTS, KILLS = 100, 25
NOTHING = Plan(answered=0, sent=False)
Record = Callable[[str, object], None]


class Trouble:
    """Something that breaks at random moments, and works again up to 1.5 seconds later."""

    def __init__(self, chance: random.Random, share: float) -> None:
        self.chance = chance
        self.share = share
        self.count = 0
        self._thread: threading.Thread | None = None

    def may_happen(self) -> None:
        """Break something, in this share of the calls, unless something is broken."""
        is_broken = self._thread is not None and self._thread.is_alive()
        if is_broken or self.chance.random() > self.share:
            return
        self.count += 1
        pause = self.chance.uniform(0.05, 1.5)
        repair = self.break_something()
        self._thread = threading.Timer(pause, repair)
        self._thread.start()

    def end(self) -> None:
        """Wait until everything works."""
        if self._thread is not None:
            self._thread.join()

    def break_something(self) -> Callable[[], object]:
        """Break something, and return the function that repairs it."""
        raise NotImplementedError


class Cuts(Trouble):
    def __init__(self, chance: random.Random, network: Network) -> None:
        super().__init__(chance, share=0.4)
        self.ways = [network.set_offline, network.set_silent, network.set_loses_answers]

    def break_something(self) -> Callable[[], object]:
        way = self.chance.choice(self.ways)
        way(True)
        return lambda: way(False)


class Kills(Trouble):
    def __init__(self, chance: random.Random, server: Server) -> None:
        super().__init__(chance, share=0.2)
        self.server = server

    def break_something(self) -> Callable[[], object]:
        self.server.kill()
        return self.server.start


def answer_in_trouble(
    engine: Engine,
    network: Network,
    database: Database,
    pack: Pack,
    trouble: Trouble,
    times: int,
) -> int:
    """Take attempts until there was trouble often enough. Return how often a page said Saved."""
    saved_seen = 0
    while trouble.count < times:
        page = engine.open_page(network)
        person = AnsweringPerson(page, database, pack, plant(database, pack, NOTHING))
        answering = RandomAnswering(person, trouble.chance)
        try:
            answering.answer_until_the_check(trouble.may_happen)
        finally:
            trouble.end()
        answering.expect_everything()
        page.close()
        saved_seen += answering.saved_seen
    return saved_seen


def test_no_answer_is_lost_by_cuts_of_the_network(
    engine: Engine, network: Network, database: Database, pack: Pack, record_figure: Record
) -> None:
    trouble = Cuts(random.Random(CUTS), network)
    seen = answer_in_trouble(engine, network, database, pack, trouble, CUTS)
    record_figure("cuts", {"cuts": trouble.count, "seen as saved": seen})
    assert seen > 0


def test_no_answer_is_lost_by_kills_of_the_server(
    engine: Engine, server: Server, pack: Pack, record_figure: Record
) -> None:
    database = open_database(f"sqlite:///{server.instance / 'fitquiz.db'}")
    trouble = Kills(random.Random(KILLS), server)
    with open_network(f"http://127.0.0.1:{server.port}") as network:
        seen = answer_in_trouble(engine, network, database, pack, trouble, KILLS)
    database.engine.dispose()
    record_figure("kills", {"kills": trouble.count, "seen as saved": seen})
    assert seen > 0
