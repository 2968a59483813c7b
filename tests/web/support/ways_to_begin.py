"""The ways to begin an attempt, and how often people and programs begin."""

HONEST = 50


SCRIPTED = 1000


ROUTES = (
    "shared/{}",
    "invitations/{}",
    "invitations/{}/begin",
    "guided/{}",
    "guided/{}/begin",
    "return/{}",
)


TOKENS = [f"/en/{route}" for route in (*ROUTES, "staff-links/{}")]
