"""The stories of `test_world`: the steps of staff, the passing of days, and what must be true after each step."""

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from fitquiz.web.counsellors.counsellor_forms import MAX_DAYS
from tests.web.support.answering import PACK
from tests.web.support.deeds import COUNSELLORS, NUMBERS, Deeds, is_open
from tests.web.support.world import FEWEST, FINISHED, UNFINISHED, Device, Round, Taken, read_check


class Product(Deeds):
    """All steps, and the checks that compare the app with the records of the test."""

    @rule(is_personal=st.booleans())
    def create_a_campaign(self, is_personal: bool) -> None:
        created = self.world.create(is_personal)
        self.rounds += [created] if created else []

    @precondition(
        lambda self: any(
            not each.is_over(self.world.day) and not each.is_personal for each in self.rounds
        )
    )
    @rule(number=NUMBERS, people=st.sampled_from([1, 4, 5, 6]))
    def crowd(self, number: int, people: int) -> None:
        fitting = [
            each
            for each in self.rounds
            if not each.is_over(self.world.day) and not each.is_personal
        ]
        chosen = fitting[number % len(fitting)]
        if chosen.is_paused:
            return
        for _ in range(people):
            taken = self.begin(f"/en/invitations/{chosen.ways[0]}/begin")
            assert taken
            taken.round, taken.way, taken.state = chosen, chosen.ways[0], "asked"
            self.give(taken, PACK.items_of(taken.open)[0].id, number % 5)
            self.send(self.place_of(taken))

    def place_of(self, taken: Taken) -> int:
        return [each for each in self.taken if is_open(each)].index(taken)

    @precondition(lambda self: self.rounds)
    @rule(number=NUMBERS, deed=st.sampled_from(["pause", "resume", "close"]))
    def steer(self, number: int, deed: str) -> None:
        chosen = self.rounds[number % len(self.rounds)]
        assert (
            self.world.desk_of("hana").post(f"/en/campaigns/{chosen.id}/{deed}").status_code == 303
        )
        chosen.is_paused = chosen.is_paused if deed == "close" else deed == "pause"
        chosen.is_closed |= deed == "close"

    @rule(days=st.sampled_from([1, 7, 21, 31, 91]))
    def let_days_go_by(self, days: int) -> None:
        if self.world.day + days < MAX_DAYS:  # The counsellors' links end after MAX_DAYS.
            self.world.move(days)

    @rule()
    def keep_house(self) -> None:
        self.world.keep_house()
        day = self.world.day
        for each in self.taken:
            never_sent = each.finished is None and day - each.started >= UNFINISHED
            long_sent = each.finished is not None and day - each.finished >= FINISHED
            each.has_receipt &= each.deleted is not None and day - each.deleted < FINISHED
            each.is_purged |= each.deleted is None and (never_sent or long_sent)
        for chosen in self.rounds:
            self.seal(
                chosen,
                [each for each in self.taken if each.round is chosen and each.state == "waiting"],
            )

    def seal(self, chosen: Round, waiting: list[Taken]) -> None:
        day = self.world.day
        if chosen.sealed_day is not None and day - chosen.sealed_day >= FINISHED:
            for each in waiting:
                each.state = "dropped"
        elif chosen.sealed_day is None and chosen.is_over(day):
            chosen.sealed_day = day
            if len(waiting) >= FEWEST:
                chosen.published = len(waiting)
                for each in waiting:
                    each.state = "sealed"

    # What must be true

    @invariant()
    def all_who_wait_are_there_and_what_is_published_is_exact(self) -> None:
        self.world.look()
        waiting = [each.round.id for each in self.taken if each.round and each.state == "waiting"]
        assert self.world.count_pending() == {each: waiting.count(each) for each in set(waiting)}
        published = {
            each.id: (each.published, each.published) for each in self.rounds if each.published
        }
        assert self.world.count_published() == published

    @invariant()
    def a_counsellor_sees_who_shares_and_nobody_else(self) -> None:
        for name in COUNSELLORS:
            shares = [each for taken in self.taken if taken.is_alive for each in taken.shares]
            wanted = {
                each.id
                for each in shares
                if each.counsellor == name and each.is_live(self.world.day)
            }
            page = self.world.desk_of(name).get("/en/clients").text
            assert {each.partition('"')[0] for each in page.split("/en/clients/")[1:]} == wanted

    @invariant()
    def who_has_a_link_sees_what_is_shared_by_it(self) -> None:
        finder = Device(self.world.stage.app) if any(each.shares for each in self.taken) else None
        for taken in self.taken:
            for share in taken.shares:
                if share.address and finder:
                    status = finder.get(f"/en/shared/{share.address}").status_code
                    is_seen = share.is_live(self.world.day) and taken.is_alive
                    assert status in (
                        (200,) if is_seen and taken.sent else (409,) if is_seen else (410, 404)
                    )

    @invariant()
    def what_is_deleted_is_gone_everywhere(self) -> None:
        for each in self.taken:
            if not each.is_alive and each.is_held:
                status = 410 if each.has_receipt else 404
                assert each.device.get(f"{each.base}/result").status_code == status
                assert each.device.get(each.secret).status_code == status
            if not each.is_held and each is self.touched:
                assert each.device.get(f"{each.base}/result").status_code == 404

    @invariant()
    def the_page_before_sending_says_what_was_answered(self) -> None:
        each = self.touched
        if each and is_open(each):
            said = read_check(each.device.get(f"{each.base}/check").text)
            assert said == {item.id: each.answers.get(item.id) for item in PACK.items_of(each.open)}
