"""A campaign's units can be replaced until its first response. A unit that stays keeps its id."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import UnitDraft, parse_units
from fitquiz.store.campaigns.units import Unit, find_unit, list_units, replace_units
from fitquiz.store.engine.database import Database
from tests.store.support.cast import assert_waits, reading, writing
from tests.store.support.ledger_cast import (
    BEFORE,
    BERGEN,
    IT,
    OPENS,
    OSLO,
    SALES,
    UNITS,
    add_staff,
    change_behind_a_response,
    start_campaign,
)

HOSTILE = ("<script>alert(1)</script", "'; DROP TABLE unit --", '="quoted"', '🙂 Ålesund \\ "x"')


def list_paths(session: Session, campaign_id: int) -> list[tuple[str, ...]]:
    return [unit.path for unit in list_units(session, campaign_id)]


def test_units_are_listed_in_the_order_in_which_they_were_named(session: Session) -> None:
    campaign = start_campaign(session)
    assert list_paths(session, campaign.id) == [SALES, OSLO, BERGEN, IT]


def test_units_that_stay_keep_their_ids_and_get_the_new_number_of_people(session: Session) -> None:
    campaign = start_campaign(session)
    before = {unit.path: unit.id for unit in list_units(session, campaign.id)}
    assert replace_units(
        session, campaign.id, [UnitDraft(SALES, 30), UnitDraft(OSLO), UnitDraft(("HR",), 4)], BEFORE
    )
    sales, oslo, hr = list_units(session, campaign.id)
    assert (sales, oslo) == (Unit(before[SALES], SALES, 30), Unit(before[OSLO], OSLO, None))
    assert hr.id not in before.values()


def test_a_name_of_any_kind_is_kept_as_it_is(session: Session) -> None:
    campaign = start_campaign(session)
    paths = [(name,) for name in HOSTILE]
    assert replace_units(session, campaign.id, [UnitDraft(path) for path in paths], BEFORE)
    assert list_paths(session, campaign.id) == paths


def test_a_thousand_units_are_stored_and_taken_away(session: Session) -> None:
    campaign = start_campaign(session)
    drafts, faults = parse_units(
        "\n".join(f"Department {n % 10} > Team {n}; {n}" for n in range(990))
    )
    assert faults == ()
    assert replace_units(session, campaign.id, drafts, BEFORE)
    assert len(list_units(session, campaign.id)) == 1000
    assert replace_units(session, campaign.id, [], BEFORE)
    assert list_units(session, campaign.id) == []


def test_units_of_another_campaign_are_left_alone(session: Session) -> None:
    campaign, other = start_campaign(session), start_campaign(session, add_staff(session, "Henrik"))
    assert replace_units(session, campaign.id, [], BEFORE)
    assert list_paths(session, other.id) == [SALES, OSLO, BERGEN, IT]


def test_a_unit_is_found_in_its_own_campaign_alone(session: Session) -> None:
    campaign, other = start_campaign(session), start_campaign(session, add_staff(session, "Henrik"))
    unit = list_units(session, campaign.id)[1]
    assert find_unit(session, campaign.id, unit.id) == unit
    assert find_unit(session, other.id, unit.id) is None
    assert find_unit(session, campaign.id, None) is None


def test_units_are_frozen_from_the_first_day_on(session: Session) -> None:
    campaign = start_campaign(session)
    before = list_units(session, campaign.id)
    assert not replace_units(session, campaign.id, [UnitDraft(SALES, 30)], OPENS)
    assert list_units(session, campaign.id) == before


def test_a_response_that_comes_first_wins_over_new_units(database: Database) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)
    assert not change_behind_a_response(
        database, campaign, lambda session: replace_units(session, campaign.id, [], BEFORE)
    )
    with reading(database) as session:
        assert len(list_units(session, campaign.id)) == len(UNITS)


def test_of_two_who_replace_the_units_at_once_the_second_finds_the_firsts(
    database: Database,
) -> None:
    with writing(database) as session:
        campaign = start_campaign(session)

    def replace() -> bool:
        with writing(database) as session:
            return replace_units(session, campaign.id, [UnitDraft(("HR",), 2)], BEFORE)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            assert replace_units(
                session, campaign.id, [UnitDraft(("HR",), 1), UnitDraft(("IT",))], BEFORE
            )
            replacing = pool.submit(replace)
            assert_waits(replacing)
        assert replacing.result(10) is True
    with reading(database) as session:
        assert [(unit.path, unit.people) for unit in list_units(session, campaign.id)] == [
            (("HR",), 2)
        ]
