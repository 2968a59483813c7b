"""A seal takes the same number of statements for any number of responses, and under a minute for a million."""

import os
import resource
import secrets
import sys
import time

import pytest
from sqlalchemy import insert
from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import STATISTICS, list_columns, make_plan, write_plan
from fitquiz.core.groups.unit_lists import UnitDraft
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import add_units, list_units
from fitquiz.store.engine.database import Database
from fitquiz.store.ledger.sealing import seal_campaign
from fitquiz.store.tables.ledger_tables import PendingRow
from tests.core.support.shipped_packs import PACK
from tests.store.support.cast import noting_statements, writing
from tests.store.support.ledger_cast import (
    AFTER,
    count_waiting,
    respond_often,
    seal,
    start_campaign,
)

PLAN = make_plan(each.name for each in STATISTICS)
A_MILLION, MOST_SECONDS, MOST_MEGABYTES = 1_000_000, 60, 500


def start_large(session: Session) -> Campaign:
    """Store a campaign that counts everything, in a thousand units."""
    campaign = start_campaign(session, statistics=write_plan(PLAN))
    units = [
        UnitDraft((f"D{department}", f"T{team}")) for department in range(10) for team in range(99)
    ]
    departments = [UnitDraft((f"D{number}",)) for number in range(10)]
    add_units(session, campaign.id, (*departments, *units))
    return campaign


def fill(session: Session, campaign: Campaign, number: int) -> None:
    """Let so many responses wait, spread over all units."""
    units, columns = (
        [unit.id for unit in list_units(session, campaign.id)],
        len(list_columns(PLAN, PACK)),
    )
    kinds = [f"{secrets.randbits(columns):0{columns}b}" for _ in range(100)]
    for start in range(0, number, 10_000):
        rows = [
            {
                "key": os.urandom(32),
                "campaign_id": campaign.id,
                "unit_id": units[at % 1000],
                "cells": kinds[at % 100],
            }
            for at in range(start, min(number, start + 10_000))
        ]
        session.connection().execute(insert(PendingRow), rows)


def test_a_seal_asks_the_same_however_many_wait(database: Database) -> None:
    with writing(database) as session:
        few, many = start_campaign(session), start_campaign(session, 1)
        for campaign, number in ((few, 6), (many, 60)):
            respond_often(session, campaign, {("IT",): number, ("Sales", "Oslo"): number})
    counts = []
    for campaign in (few, many):
        with writing(database) as session, noting_statements(database) as statements:
            seal(session, campaign)
        counts.append(len(statements))
    assert counts[0] == counts[1]


@pytest.mark.long
def test_a_million_responses_are_sealed_within_a_minute(database: Database) -> None:
    with writing(database) as session:
        campaign = start_large(session)
        fill(session, campaign, A_MILLION)
    began = time.monotonic()
    with writing(database) as session:
        sealed = seal_campaign(session, campaign.id, AFTER, AFTER.date(), secrets.randbelow)
    took = time.monotonic() - began
    assert sealed is not None
    assert (sealed.batches, sealed.responses) == (1000, A_MILLION)
    assert took <= MOST_SECONDS
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (
        1024 if sys.platform != "darwin" else 1024**2
    )
    print(f"{database.engine.dialect.name}: {took:.1f} s, {peak} MB")
    assert peak <= MOST_MEGABYTES
    with database.sessions() as session:
        assert count_waiting(session) == 0
