"""Campaigns, units and invitations."""
