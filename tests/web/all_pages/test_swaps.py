"""What is another's answers just as what is not there: in an address, in a query and in a form."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.web.support.calls import Call, Fields, list_calls
from tests.web.support.stage import Stage

RANDOM = {
    "handle": "AAAAAAAAAAAA",
    "campaign_id": "4711",
    "invitation_id": "4711",
    "link_id": "4711",
    "share_id": "3141592653589793238",
    "other_id": "3141592653589793238",
}
"""What may stand in an address and be another's, with one that is nobody's."""
OTHERS = {name: f"others_{name}" for name in RANDOM} | {"other_id": "others_share_id"}
OF_SHARES = ("manage_shares.confirm", "manage_shares.stop")
_FRESH = re.compile(
    r'((?:name="(?:csrf_token|seed|token)"[^>]* value|data-token|data-seconds)=)"[^"]*"'
)


@dataclass(frozen=True)
class Swap:
    """A call in which one value is another's, or else nobody's."""

    who: str
    method: str
    address: str
    fields: Fields | None
    others: str
    nobodys: str

    def tell(self, stage: Stage) -> tuple[tuple[int, str], tuple[int, str]]:
        """Return status and text of both, without what is drawn anew for each page."""
        return self._ask(stage, self.others), self._ask(stage, self.nobodys)

    def _ask(self, stage: Stage, value: str) -> tuple[int, str]:
        fields = (
            None
            if self.fields is None
            else {name: _put(each, value) for name, each in self.fields.items()}
        )
        response = stage.ask(self.who, self.method, self.address.replace("SWAPPED", value), fields)
        swapped = re.sub(
            value if len(value) > 9 else rf"(?<=[/=>]){value}\b", "SWAPPED", response.text
        )
        return response.status_code, _FRESH.sub(r"\1", swapped)


def _put(given: Any, value: str) -> Any:
    return given.replace("SWAPPED", value) if isinstance(given, str) else given


def list_swaps(stage: Stage) -> Iterator[tuple[Call, Swap]]:
    """Yield every call with one value of its address swapped."""
    for call in list_calls(stage, "GET", "POST"):
        path = call.address.split("/")
        rule = next(
            each for each in stage.app.url_map.iter_rules() if each.endpoint == call.endpoint
        )
        for name in sorted(rule.arguments & set(RANDOM)):
            at = (
                str(rule)
                .split("/")
                .index(next(part for part in str(rule).split("/") if f"{name}>" in part))
            )
            address = "/".join([*path[:at], "SWAPPED", *path[at + 1 :]])
            others = str(stage.values[OTHERS[name]])
            yield (
                call,
                Swap(call.doer, call.method, address, call.fields(stage), others, RANDOM[name]),
            )


def test_in_every_address_what_is_anothers_is_not_there(stage: Stage) -> None:
    swaps, before = list(list_swaps(stage)), stage.dump()
    assert len(swaps) > 55
    for call, swap in swaps:
        others, nobodys = swap.tell(stage)
        assert others == nobodys, (call, swap)
        # A share that is not there is taken for one that has been stopped already, whosesoever it was.
        is_share = call.endpoint in OF_SHARES and swap.others.isdigit()
        assert others[0] == (303 if is_share else 404), (call, swap)
    assert stage.dump() == before


def test_an_account_that_is_not_there_is_not_found(stage: Stage) -> None:
    before = stage.dump()
    for call in list_calls(stage, "GET", "POST"):
        if "/staff/" in call.address and str(stage.values["staff_id"]) in call.address.split("/"):
            for staff_id in ("4711", str(2**31), str(2**63), "9" * 400):
                address = call.address.replace(f"/{stage.values['staff_id']}", f"/{staff_id}")
                assert stage.ask("ada", call.method, address, call.fields(stage)).status_code == 404
    assert stage.dump() == before


BY_NAME: dict[str, tuple[str, str, str, Fields | None, str, str, int]] = {
    "a unit of another's": (
        "hana",
        "GET",
        "/en/reports/{sealed_id}?unit=SWAPPED",
        None,
        "others_unit_id",
        "4711",
        404,
    ),
    "a campaign to compare": (
        "hana",
        "GET",
        "/en/reports/{sealed_id}?compare=SWAPPED",
        None,
        "others_campaign_id",
        "4711",
        404,
    ),
    "a result to compare": (
        "alice",
        "GET",
        "/en/attempts/{handle}/compare?with=SWAPPED",
        None,
        "others_handle",
        "AAAAAAAAAAAA",
        200,
    ),
    "a unit to invite": (
        "hana",
        "POST",
        "/en/campaigns/{campaign_id}/invitations",
        {"unit": "SWAPPED", "number": "2"},
        "others_unit_id",
        "4711",
        400,
    ),
    "an invitation to revoke": (
        "hana",
        "POST",
        "/en/campaigns/{campaign_id}/invitations/revoke",
        {"named": "SWAPPED"},
        "others_personal",
        "R" * 43,
        400,
    ),
    "a client to set beside": (
        "carl",
        "POST",
        "/en/clients/{share_id}/compare",
        {"other": "SWAPPED"},
        "others_share_id",
        RANDOM["share_id"],
        404,
    ),
    "a counsellor to share with": (
        "alice",
        "POST",
        "/en/attempts/{handle}/share",
        {"to": "SWAPPED", "days": "30", "step": "share", "seed": "ab" * 16},
        "others_counsellor_id",
        "4711",
        400,
    ),
}


@pytest.mark.parametrize("name", BY_NAME)
def test_in_a_query_or_a_form_what_is_anothers_is_as_if_it_were_not_there(
    stage: Stage, name: str
) -> None:
    who, method, address, fields, others, nobodys, status = BY_NAME[name]
    known, before = {**stage.values, **stage.tokens}, stage.dump()
    swap = Swap(who, method, address.format(**stage.values), fields, str(known[others]), nobodys)
    first, second = swap.tell(stage)
    assert first == second
    assert first[0] == status
    assert stage.dump() == before
