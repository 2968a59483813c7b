"""Campaigns, units, invitations and reports. HR reads groups, never people."""
