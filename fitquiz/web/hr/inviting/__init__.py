"""Open links, posters and personal invitations of a campaign."""
