"""Campaigns, their units and invitations."""
