"""The navigation of signed-in staff: its sections, and the pages that show the navigation."""

from dataclasses import dataclass

from flask import Flask, request

from fitquiz.store.accounts.staff import ADMIN, COUNSELLOR, HR, Staff
from fitquiz.web.device.kiosk import find_kiosk
from fitquiz.web.security.access import ACCESS, HOLDER, may_open

FIRST_PAGES = {
    HR: "campaigns.campaigns",
    COUNSELLOR: "clients.clients",
    ADMIN: "staff_admin.people",
}
"""The page that opens after the sign-in. The first permission that an account has decides."""

SECTIONS = {
    "campaigns.campaigns": (
        "campaigns",
        "campaign_lifecycle",
        "colleagues",
        "units",
        "invitations",
        "mailings",
        "people",
        "kiosks",
        "link_renewal",
    ),
    "reports.reports": ("reports", "respondent_reports"),
    "clients.clients": ("clients",),
    "links.links": ("links",),
    "staff_admin.people": ("staff_admin", "hand_over"),
    "staff_admin.log": (),
    "own_account.account": ("own_account", "second_factors"),
}
"""The first page of each section, and the modules of the other pages of the section."""

NO_SECTION = ("reports.anonymity", "second_factors.code")
"""Pages of these modules that everybody can open, and that are in no section."""


@dataclass(frozen=True, slots=True)
class Section:
    """A section that the signed-in staff member can open.

    `current` is "page" on the first page of the section, "true" on its other pages, and empty on
    all other pages. These are values of `aria-current`.
    """

    endpoint: str
    current: str


def init_staff_navigation(app: Flask) -> None:
    """Let templates call `list_sections`."""
    app.context_processor(lambda: {"list_sections": list_sections})


def find_first_page(staff: Staff) -> str:
    """Return the endpoint of the page that opens after the sign-in."""
    for permission, endpoint in FIRST_PAGES.items():
        if permission in staff.permissions:
            return endpoint
    return "own_account.account"


def list_sections() -> list[Section]:
    """Return the sections that the signed-in staff member can open.

    Return an empty list if nobody is signed in. Pages of an attempt and pages of a kiosk have no
    navigation of staff, because they belong to the respondent.
    """
    if ACCESS.get(request.endpoint or "") == HOLDER or find_kiosk():
        return []
    here = find_section(request.endpoint or "")
    return [
        Section(endpoint, _mark(endpoint, here))
        for endpoint in SECTIONS
        if may_open(endpoint)
    ]


def find_section(endpoint: str) -> str:
    """Return the first page of the section that a page belongs to, or an empty text."""
    if endpoint in SECTIONS or endpoint in NO_SECTION:
        return endpoint
    module, _, _ = endpoint.partition(".")
    for first_page, modules in SECTIONS.items():
        if module in modules:
            return first_page
    return ""


def _mark(endpoint: str, here: str) -> str:
    if endpoint != here:
        return ""
    return "page" if endpoint == request.endpoint else "true"
