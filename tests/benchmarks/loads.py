"""The loads: whole attempts as respondents make them, and one kind of request again and again."""

import json
import re
import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Barrier, Thread
from typing import Any

from tests.benchmarks.collecting import plan_batches
from tests.benchmarks.wire import Reply, Visitor

_TOKENS = re.compile(rb'name="(csrf_token|token)"[^>]*value="([^"]*)"')
_BEGIN = "/en/packs/front-back-office/begin"
_OWN, _SHARED = "own", "shared"


@dataclass
class Tally:
    """What a taker has seen: seconds of each GET and POST, bytes that came, attempts completed, parts of one too."""

    gets: list[float] = field(default_factory=list)
    posts: list[float] = field(default_factory=list)
    bytes_read: int = 0
    completions: float = 0

    def add(self, other: "Tally") -> None:
        """Add what another taker has seen."""
        self.gets += other.gets
        self.posts += other.posts
        self.bytes_read += other.bytes_read
        self.completions += other.completions


Taker = Callable[[Visitor, Tally], Iterator[None]]
"""Gets ready up to its first stop, then makes its requests one by one; whoever drives it can end between two."""


def drive(
    port: int, taker: Taker, at_once: int, seconds: float, begin: Callable[[], None] | None = None
) -> Tally:
    """Let so many takers work at once for so long, each in a thread with a connection of its own.

    When all are ready, `begin` is called, and what follows counts.
    """
    tallies, failures = [Tally() for _ in range(at_once)], list[BaseException]()
    ready = Barrier(at_once, begin)

    def work(tally: Tally) -> None:
        visitor = Visitor(port)
        try:
            steps = taker(visitor, tally)
            next(steps)
            ready.wait()
            until = time.monotonic() + seconds
            for _ in steps:
                if time.monotonic() > until:
                    return
        except Exception as error:  # noqa: BLE001 - raised again below, in the thread that asked
            failures.append(error)
            ready.abort()
        finally:
            visitor.close()

    threads = [Thread(target=work, args=(tally,)) for tally in tallies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    whole = Tally()
    for tally in tallies:
        whole.add(tally)
    return whole


def take_attempts(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Take the quiz from the start page to the result without the script, over and over."""
    yield from _take_again(_take_attempt, visitor, tally)


def take_attempts_with_script(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Take the quiz as the script of the item pages does on an own device, over and over."""
    yield from _take_again(_take_attempt_on_own_device, visitor, tally)


def take_attempts_on_shared_device(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Take the quiz as the script of the item pages does on a shared device, over and over."""
    yield from _take_again(_take_attempt_on_shared_device, visitor, tally)


def _take_again(take: Taker, visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Take the quiz as a new device each time; the first time, which counts the requests, is to get ready."""
    requests = sum(1 for _ in take(visitor, Tally()))
    yield
    while True:
        for _ in take(visitor, tally):
            tally.completions += 1 / requests
            yield


def _take_attempt(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Stop after each request; the visitor knows the result's address afterwards."""
    yield from _begin(visitor, tally, _OWN)
    onward = visitor.last
    while "/items/" in onward:
        page = _ask(visitor, tally, "GET", onward, 200)
        yield
        onward = _send(visitor, tally, onward, page, {"answer": str(len(tally.posts) % 5)})
        yield
    yield from _finish(visitor, tally, onward)


def _take_attempt_on_own_device(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Send the answers in the batches of somebody who reads each statement."""
    yield from _take_attempt_with_script(visitor, tally, _OWN, plan_batches)


def _take_attempt_on_shared_device(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Send each answer in a request of its own."""
    yield from _take_attempt_with_script(visitor, tally, _SHARED, lambda count: [1] * count)


def _take_attempt_with_script(
    visitor: Visitor, tally: Tally, device: str, plan: Callable[[int], list[int]]
) -> Iterator[None]:
    """Read the first item's page and all statements, then send the answers in batches of these sizes."""
    yield from _begin(visitor, tally, device)
    page = _ask(visitor, tally, "GET", visitor.last, 200)
    yield
    path, check = _read_address(page, "items"), _read_address(page, "check")
    statements = json.loads(_ask(visitor, tally, "GET", path, 200).body)
    yield
    items = [item["id"] for item in statements["items"]]
    for size in plan(len(items)):
        batch, items = items[:size], items[size:]
        _send_answers(visitor, tally, path, batch, statements)
        yield
    yield from _finish(visitor, tally, check)


def _begin(visitor: Visitor, tally: Tally, device: str) -> Iterator[None]:
    """Begin an attempt as a new device; the visitor knows the first item's address afterwards."""
    _become_another(visitor)
    _ask(visitor, tally, "GET", "/en/", 200)
    yield
    page = _ask(visitor, tally, "GET", _BEGIN, 200)
    yield
    visitor.last = _send(visitor, tally, _BEGIN, page, {"device": device})
    yield


def _finish(visitor: Visitor, tally: Tally, check: str) -> Iterator[None]:
    """Send the answers on the check, and read the result."""
    page = _ask(visitor, tally, "GET", check, 200)
    yield
    visitor.last = _send(visitor, tally, check, page, {})
    yield
    _ask(visitor, tally, "GET", visitor.last, 200)
    yield


def read_items(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Ask for the page of a half-answered attempt's item."""
    path, _ = _answer_half(visitor)
    while True:
        yield
        _ask(visitor, tally, "GET", path, 200)


def send_answers(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Answer an item of a half-answered attempt, over and over."""
    path, token = _answer_half(visitor)
    while True:
        yield
        _ask(
            visitor,
            tally,
            "POST",
            path,
            303,
            {"csrf_token": token, "answer": str(len(tally.posts) % 5)},
        )


def read_results(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Ask for the result of an attempt."""
    for _ in _take_attempt(visitor, Tally()):
        pass
    while True:
        yield
        _ask(visitor, tally, "GET", visitor.last, 200)


def read_bare_pages(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Ask for the bare app's page."""
    while True:
        yield
        _ask(visitor, tally, "GET", "/page", 200)


def send_bare_answers(visitor: Visitor, tally: Tally) -> Iterator[None]:
    """Let the bare app store a row."""
    while True:
        yield
        _ask(visitor, tally, "POST", "/answer", 303, {"answer": str(len(tally.posts) % 5)})


def measure_item_page(port: int) -> int:
    """Return the bytes of an item's page, which the bare app's page is to have too."""
    visitor = Visitor(port)
    try:
        path, _ = _answer_half(visitor)
        return len(visitor.ask("GET", path).body)
    finally:
        visitor.close()


def _answer_half(visitor: Visitor) -> tuple[str, str]:
    """Answer fourteen items; return the address of the next one and its form's token."""
    _become_another(visitor)
    path, unseen = (
        _send(visitor, Tally(), _BEGIN, visitor.ask("GET", _BEGIN), {"device": _OWN}),
        Tally(),
    )
    for _ in range(14):
        path = _send(visitor, unseen, path, visitor.ask("GET", path), {"answer": "3"})
    return path, _read_tokens(visitor.ask("GET", path))["csrf_token"]


def _become_another(visitor: Visitor) -> None:
    """A new device at an address of its own: no more than some may begin from one address."""
    visitor.cookies.clear()
    visitor.address = f"2001:db8:{secrets.token_hex(2)}:{secrets.token_hex(2)}::1"


def _send(visitor: Visitor, tally: Tally, path: str, page: Reply, values: dict[str, str]) -> str:
    """Send a page's form; return where the reply leads, without the fragment."""
    reply = _ask(visitor, tally, "POST", path, 303, _read_tokens(page) | values)
    return reply.headers["location"].partition("#")[0]


def _read_tokens(page: Reply) -> dict[str, str]:
    return {name.decode(): value.decode() for name, value in _TOKENS.findall(page.body)}


def _read_address(page: Reply, name: str) -> str:
    """Return an address that an item's page has for the script."""
    found = re.search(rb'data-%b="([^"]*)"' % name.encode(), page.body)
    if found is None:
        raise RuntimeError(f"the item's page has no address of the {name}")
    return found[1].decode()


def _send_answers(
    visitor: Visitor, tally: Tally, path: str, items: Sequence[str], statements: dict[str, Any]
) -> None:
    """Send answers as the script does, and see that they are stored."""
    value = len(tally.posts) % 5
    answers = [{"item": item, "answer": value, "given": statements["now"]} for item in items]
    form = {
        "csrf_token": statements["token"],
        "closing": "false",
        "answers": json.dumps(answers, separators=(",", ":")),
    }
    reply = _ask(visitor, tally, "POST", path, 200, form)
    if json.loads(reply.body)["stored"] != list(items):
        raise RuntimeError(f"the answers to {items} are not stored: {reply.body!r}")


def _ask(
    visitor: Visitor,
    tally: Tally,
    method: str,
    path: str,
    wanted: int,
    form: dict[str, str] | None = None,
) -> Reply:
    began = time.perf_counter()
    reply = visitor.ask(method, path, form)
    (tally.gets if method == "GET" else tally.posts).append(time.perf_counter() - began)
    tally.bytes_read += reply.bytes_read
    if reply.status != wanted:
        raise RuntimeError(f"{method} {path} gave {reply.status}, not {wanted}")
    return reply
