"""The steps of respondents in `test_world`. Each step uses the pages, and records what must be true afterwards."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.web.support.answering import PACK
from tests.web.support.world import (
    SEEN,
    SHARED,
    STOPPED,
    Device,
    Round,
    Shared,
    Taken,
    World,
    new_seed,
)

NUMBERS = st.integers(0, 999)
ANSWERS = st.sampled_from([0, 1, 2, 3, 4, None])
COUNSELLORS = ("carl", "cora")


def some(of: str, when: Callable[[Any], bool]) -> Callable[[Any], Any]:
    """Run a step only if at least one object in the list `of` meets the condition `when`."""
    return precondition(lambda machine: any(map(when, getattr(machine, of))))


def at_hand(taken: Taken) -> bool:
    return taken.is_at_hand


def is_open(taken: Taken) -> bool:
    return taken.is_at_hand and bool(taken.open)


def is_sent(taken: Taken) -> bool:
    return taken.is_at_hand and bool(taken.sent)


class Deeds(RuleBasedStateMachine):
    """The steps of respondents, and the records of these steps."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.world.begin_again()
        self.taken: list[Taken] = []
        self.rounds: list[Round] = []
        self.touched: Taken | None = None

    def pick(self, number: int, when: Callable[[Taken], bool] = at_hand) -> Taken:
        fitting = [each for each in self.taken if when(each)]
        self.touched = fitting[number % len(fitting)]
        return self.touched

    @rule()
    def begin_plain(self) -> None:
        self.begin("/en/packs/front-back-office/begin")

    @rule(number=NUMBERS)
    def begin_by_link(self, number: int) -> None:
        counsellor = COUNSELLORS[number % 2]
        taken = self.begin(f"{self.world.links[counsellor]}/begin")
        assert taken
        taken.counsellor = counsellor

    @rule(number=NUMBERS, to_counsellor=st.booleans(), days=st.sampled_from([7, 30, 90]))
    def take_by_link_and_share(self, number: int, to_counsellor: bool, days: int) -> None:
        """Several steps in one, so that a short story contains more of them."""
        self.begin_by_link(number)
        taken = self.taken[-1]
        self.give(taken, PACK.items_of(taken.open)[0].id, number % 5)
        self.send([each for each in self.taken if is_open(each)].index(taken))
        self.share([each for each in self.taken if is_sent(each)].index(taken), to_counsellor, days)

    @precondition(lambda self: self.rounds)
    @rule(number=NUMBERS)
    def begin_by_invitation(self, number: int) -> None:
        chosen = self.rounds[number % len(self.rounds)]
        way = chosen.ways[number % len(chosen.ways)]
        may = not (chosen.is_over(self.world.day) or chosen.is_paused or way in chosen.used)
        taken = self.begin(f"/en/invitations/{way}/begin")
        assert (taken is not None) == may
        if taken:
            taken.round, taken.way, taken.state = chosen, way, "asked"

    def begin(self, address: str) -> Taken | None:
        device, response = self.world.begin(address)
        if "/attempts/" not in (response.location or ""):
            return None
        base = response.location.partition("/items/")[0]
        taken = Taken(device, base, self.world.day, PACK.first_parts)
        taken.secret = next(
            part for part in device.get(f"{base}/link").text.split('"') if "/return/" in part
        )
        taken.secret = taken.secret.removeprefix("http://localhost")
        self.taken.append(taken)
        return taken

    @some("taken", at_hand)
    @rule(number=NUMBERS, item=NUMBERS, value=ANSWERS)
    def answer(self, number: int, item: int, value: int | None) -> None:
        taken = self.pick(number)
        items = PACK.items_of(taken.open or taken.sent)
        self.give(taken, items[item % len(items)].id, value)

    @some("taken", is_open)
    @rule(number=NUMBERS, value=ANSWERS)
    def answer_the_rest(self, number: int, value: int | None) -> None:
        taken = self.pick(number, is_open)
        asked = [item.id for item in PACK.items_of(taken.open)]
        rest = [item for item in asked if item not in taken.answers]
        if number % 2:
            self.give_in_background(taken, rest, value)
            return
        for item in rest:
            self.give(taken, item, value)

    def give(self, taken: Taken, item: str, value: int | None) -> None:
        """Answer an item. Send every second answer of an attempt in the background, as the script does."""
        if len(taken.answers) % 2:
            self.give_in_background(taken, [item], value)
            return
        answer = "skip" if value is None else str(value)
        assert taken.device.post(f"{taken.base}/items/{item}", answer=answer).status_code == 303
        if item in [each.id for each in PACK.items_of(taken.open)]:
            taken.answers[item] = value

    def give_in_background(self, taken: Taken, items: list[str], value: int | None) -> None:
        """Answer items in one request, as the script does. The reply says which are stored."""
        asked = [each.id for each in PACK.items_of(taken.open)]
        given = [{"item": item, "answer": value} for item in items]
        response = taken.device.post(f"{taken.base}/items.json", answers=json.dumps(given))
        assert response.status_code == 200
        reply = response.get_json()
        assert reply["stored"] == [item for item in items if item in asked]
        assert reply["refused"] == [item for item in items if item not in asked]
        taken.answers |= {item: value for item in items if item in asked}

    @some("taken", is_open)
    @rule(number=NUMBERS)
    def send(self, number: int) -> None:
        taken = self.pick(number, is_open)
        assert taken.device.post(f"{taken.base}/check").location.endswith("/result")
        taken.sent, taken.open = (*taken.sent, *taken.open), ()
        taken.finished = self.world.day if taken.finished is None else taken.finished
        if taken.state == "asked" and taken.round:
            is_late = taken.round.is_over(self.world.day) or taken.way in taken.round.used
            taken.state = "refused" if is_late else "waiting"
            if taken.state == "waiting" and taken.round.is_personal:
                taken.round.used.add(taken.way)

    @some("taken", at_hand)
    @rule(number=NUMBERS, part=st.sampled_from(["leading", "sharpening"]))
    def open_more(self, number: int, part: str) -> None:
        taken = self.pick(number)
        status = taken.device.post(f"{taken.base}/parts/{part}").status_code
        assert status == 303 or (part == "sharpening" and status == 404)
        if status == 303 and part not in (*taken.open, *taken.sent):
            taken.open = (*taken.open, part)

    @some("taken", is_sent)
    @rule(number=NUMBERS)
    def reopen(self, number: int) -> None:
        taken = self.pick(number, is_sent)
        is_thin = "/reopen" in taken.device.get(f"{taken.base}/result").text
        assert taken.device.post(f"{taken.base}/reopen").status_code == 303
        if is_thin:
            taken.open, taken.sent = (*taken.sent, *taken.open), ()
            for each in taken.shares:
                each.is_stopped = True

    @some("taken", is_sent)
    @rule(
        number=NUMBERS,
        rating=st.sampled_from(["0", "4", "unknown"]),
        kind=st.sampled_from(["present", "advertised"]),
    )
    def rate_a_job(self, number: int, rating: str, kind: str) -> None:
        taken = self.pick(number, is_sent)
        address, field = f"{taken.base}/jobs/{kind}", f"trait-{PACK.traits[number % 6].id}"
        assert taken.device.post(address, **{field: rating}).status_code in (
            (303,) if rating != "unknown" else (303, 400)
        )
        if rating == "0":
            assert taken.device.post(f"{address}/forget").status_code == 303

    @some("taken", is_sent)
    @rule(number=NUMBERS, to_counsellor=st.booleans(), days=st.sampled_from([7, 30, 90]))
    def share(self, number: int, to_counsellor: bool, days: int) -> None:
        taken = self.pick(number, is_sent)
        counsellor = taken.counsellor if to_counsellor else ""
        to = str(self.world.stage.values[counsellor]) if counsellor else "link"
        before = taken.device.get(f"{taken.base}/share").text
        fields = {"to": to, "name": "Kari", "days": str(days), "seed": new_seed()}
        seen = SEEN.search(taken.device.post(f"{taken.base}/share", step="preview", **fields).text)
        assert seen is not None
        sent = taken.device.post(f"{taken.base}/share", step="share", seen=seen[1], **fields)
        renews = any(
            each.counsellor == counsellor != "" and not each.is_stopped for each in taken.shares
        )
        assert sent.status_code == (
            400 if len(set(STOPPED.findall(before))) >= 20 and not renews else 303
        )
        self.note_shares(taken, before, counsellor, days)

    def note_shares(self, taken: Taken, before: str, counsellor: str, days: int) -> None:
        after = taken.device.get(f"{taken.base}/share").text
        ids = set(STOPPED.findall(after)) - set(STOPPED.findall(before))
        addresses = set(SHARED.findall(after)) - set(SHARED.findall(before))
        old = [
            each
            for each in taken.shares
            if counsellor == each.counsellor != "" and not each.is_stopped
        ]
        if old:
            old[0].day, old[0].days = self.world.day, days
        else:
            taken.shares += [
                Shared(each, self.world.day, days, counsellor, "".join(addresses)) for each in ids
            ]

    @some("taken", lambda each: at_hand(each) and bool(each.shares) and bool(each.sent))
    @rule(number=NUMBERS, which=NUMBERS)
    def stop_sharing(self, number: int, which: int) -> None:
        taken = self.pick(
            number, lambda each: at_hand(each) and bool(each.shares) and bool(each.sent)
        )
        share = taken.shares[which % len(taken.shares)]
        status = taken.device.post(f"{taken.base}/shares/{share.id}/stop").status_code
        assert status == 303
        share.is_stopped = True

    @some("taken", lambda each: at_hand(each) and each.state != "nowhere")
    @rule(number=NUMBERS)
    def withdraw(self, number: int) -> None:
        taken = self.pick(number, lambda each: at_hand(each) and each.state != "nowhere")
        assert taken.device.post(f"{taken.base}/counted").status_code == 303
        if taken.state == "waiting":
            self.take_out(taken)
            taken.state = "withdrawn"

    def take_out(self, taken: Taken) -> None:
        if taken.round and taken.round.is_personal:
            taken.round.used.discard(taken.way)

    @some("taken", at_hand)
    @rule(number=NUMBERS)
    def delete(self, number: int) -> None:
        taken = self.pick(number)
        assert taken.device.post(f"{taken.base}/delete").location == f"{taken.base}/deleted"
        taken.deleted, taken.has_receipt = self.world.day, True
        if taken.state == "waiting":
            self.take_out(taken)
            taken.state = "withdrawn"

    @some("taken", lambda each: each.is_held)
    @rule(number=NUMBERS)
    def clear_the_device(self, number: int) -> None:
        taken = self.pick(number, lambda each: each.is_held)
        assert taken.device.post("/en/clear").status_code == 303
        taken.is_held, taken.device = False, Device(self.world.stage.app)

    @some("taken", lambda each: not each.is_held)
    @rule(number=NUMBERS)
    def come_back(self, number: int) -> None:
        taken = self.pick(number, lambda each: not each.is_held)
        status = taken.device.post(taken.secret, device="own").status_code
        assert status == (303 if taken.is_alive else 410 if taken.has_receipt else 404)
        taken.is_held = status == 303
