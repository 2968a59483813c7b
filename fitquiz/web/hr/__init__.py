"""The pages of HR: campaigns, units, invitations and reports. HR sees groups, never one person."""
