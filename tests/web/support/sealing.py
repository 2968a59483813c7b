"""Adds pending responses to a campaign, and seals the campaign."""

import os
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.server.housekeeping import seal_due
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.store.campaigns.respondent_reports import open_respondent_report
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.security.link_tokens import token_of
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.records import read_database


def fill(app: Flask, campaign: Campaign, number: int = 30, cells: str = "1") -> None:
    """Add this number of pending responses to each unit, and to the whole campaign."""
    with app.app_context(), writing() as session:
        for unit in (0, *(each.id for each in list_units(get_session(), campaign.id))):
            for _ in range(number):
                row = {"key": os.urandom(32), "campaign": campaign.id, "unit": unit, "cells": cells}
                session.execute(
                    text("INSERT INTO pending VALUES (:key, :campaign, :unit, :cells)"), row
                )


def seal(app: Flask, campaign: Campaign) -> None:
    with app.app_context(), writing() as session:
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    seal_due(read_database(app), read_settings({}), datetime.now(UTC))


def show_report(app: Flask, campaign: Campaign) -> str:
    """Show the report of a sealed campaign to respondents. Return the token of an open link."""
    with app.app_context():
        with writing() as session:
            open_respondent_report(session, campaign.id, "We will talk.", campaign.closes_on)
        return token_of(list_open_links(get_session(), campaign.id)[0].seed)
