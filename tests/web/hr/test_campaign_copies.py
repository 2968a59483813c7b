"""A copy fills the form for a new campaign in. It brings no days, links, addresses or answers along."""

from datetime import timedelta

import pytest

from tests.web.support.campaigning import fill, read_campaigns, read_values, send, today
from tests.web.support.page import Page
from tests.web.support.staff_member import StaffMember

CHOSEN = {
    "title": "Spring «round»",
    "inviter": "HR at Fjord",
    "cap": "90",
    "units": "Sales; 20\nSales > Oslo; 12\nIT",
    "threshold": "8",
    "split_from": "44",
}


def list_ticked(page: Page, name: str) -> list[str]:
    fields = page.find_all("input", name=name)
    return [each.get("value", "") for each in fields if each.get("checked") is not None]


@pytest.mark.parametrize("kind", ["open", "personal"])
def test_a_copy_has_the_choices_of_the_campaign_and_no_last_day(
    hana: StaffMember, kind: str
) -> None:
    languages, statistics = ["en"], ["suggestion", "leading"]
    lists = {"languages": languages, "statistics": statistics}
    opens_on = str(today() + timedelta(3))
    more = fill(**CHOSEN, **lists, kind=kind, sealing="weekly", opens_on=opens_on)
    send(hana, "/en/campaigns/new", more)
    (copied,) = read_campaigns(hana)
    page = hana.open(f"/en/campaigns/{copied.id}")
    page = hana.open(page.find_link("/copy"))
    values = read_values(page)
    assert {name: values[name].strip(" ;\n") for name in CHOSEN} == CHOSEN
    assert values["opens_on"] == str(today())
    assert not values["closes_on"]
    assert list_ticked(page, "languages") == languages
    assert list_ticked(page, "statistics") == statistics
    assert list_ticked(page, "kind") == [kind]
    assert list_ticked(page, "sealing") == ["weekly"]
    assert "Copied from “Spring «round»”" in page.text
    assert len(read_campaigns(hana)) == 1, "nothing is stored yet"

    seed = page.find_form("/campaigns/new").fields["seed"]
    chosen = {**more, "closes_on": str(today() + timedelta(9)), "opens_on": values["opens_on"]}
    send(hana, "/en/campaigns/new", chosen | {"units": values["units"], "seed": seed})
    newest = read_campaigns(hana)[0]
    assert newest.id > copied.id
    assert newest.statistics == copied.statistics
    assert newest.opens_on == today()
    assert newest.site == "http://localhost"
