"""Every page of staff's, and those that the invited meet, by name: who comes to it, where, and by sending what."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from playwright.sync_api import Page

_LIST = "Ansatte\n\nNavn\tE-post\tEnhet\tTeam\nKari\tkari@example.org\tKundesenter\tKveld\nOla\tola at\tIT\t"
_UNITS = "Sales > Oslo\nsales > OSLO\nA > B > C > D\nIT; many"


@dataclass(frozen=True)
class StaffSpot:
    """A page: `who` is a permission or nobody; `typed` is sent with the button of the form at `form`, if any.

    What `opens` has a button to be pressed before there is anything to see. A poster has a `language` of its own.
    """

    path: str
    who: str = ""
    form: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    status: int = 200
    opens: bool = False
    language: str = ""

    def press(self, page: Page) -> int:
        """Fill the form in and send it, however wrong it is; return the status of what comes."""
        form = page.locator(f"form[action$='{self.form}']").first
        form.evaluate("each => { each.noValidate = true; }")
        form.evaluate("each => each.querySelectorAll('details').forEach(part => part.open = true)")
        for name, value in self.typed.items():
            form.locator(f"[name={name}]").first.fill(value)
        with page.expect_navigation() as navigation:
            form.locator("button:not([hidden])").first.click()
        return navigation.value.status


STAFF_PAGES = {
    "sign-in": StaffSpot("/sign-in"),
    "sign-in-wrong": StaffSpot(
        "/sign-in", "", "/sign-in", {"email": "a@b.no", "password": "no"}, 400
    ),
    "sign-in-code": StaffSpot("/sign-in/code", "awaited"),
    "sign-in-code-wrong": StaffSpot("/sign-in/code", "awaited", "/code", {"code": ""}, 400),
    "choose-password": StaffSpot("/staff-links/{link}"),
    "choose-too-short": StaffSpot(
        "/staff-links/{link}", "", "{link}", {"password": "short", "again": "s"}, 400
    ),
    "link-gone": StaffSpot("/staff-links/{random}", status=404),
    "code": StaffSpot("/code"),
    "code-unknown": StaffSpot("/code", "", "/code", {"code": "00000-00000"}, 400),
    "welcome": StaffSpot("/invitations/{invitation}"),
    "welcome-dead": StaffSpot("/invitations/{random}", status=404),
    "welcome-begin": StaffSpot("/invitations/{invitation}/begin"),
    "stop-mail": StaffSpot("/stop-mail/{random}"),
    "anonymity": StaffSpot("/reports/anonymity"),
    "account": StaffSpot("/account", "hr"),
    "password": StaffSpot("/account/password", "hr"),
    "password-wrong": StaffSpot("/account/password", "hr", "/password", {"present": ""}, 400),
    "app-add": StaffSpot("/account/second-factor", "hr"),
    "app-wrong": StaffSpot(
        "/account/second-factor", "hr", "/add", {"code": "000000", "present": "no"}, 400
    ),
    "permission": StaffSpot("/staff", "hr", status=403),
    "campaigns": StaffSpot("/campaigns", "hr"),
    "new": StaffSpot("/campaigns/new", "hr"),
    "new-wrong": StaffSpot(
        "/campaigns/new", "hr", "/new", {"title": "", "threshold": "2", "units": _UNITS}, 400
    ),
    "copy": StaffSpot("/campaigns/{autumn}/copy", "hr"),
    "campaign-open": StaffSpot("/campaigns/{new}", "hr"),
    "campaign-sealed": StaffSpot("/campaigns/{autumn}", "hr"),
    "edit-open": StaffSpot("/campaigns/{later}/edit", "hr"),
    "edit-wrong": StaffSpot("/campaigns/{later}/edit", "hr", "/edit", {"title": ""}, 400),
    "edit-sealed": StaffSpot("/campaigns/{autumn}/edit", "hr"),
    "colleagues": StaffSpot("/campaigns/{new}/colleagues", "hr"),
    "colleagues-wrong": StaffSpot(
        "/campaigns/{new}/colleagues", "hr", "/colleagues", {"email": "x@example.org"}, 400
    ),
    "colleague-remove": StaffSpot("/campaigns/{new}/colleagues/{hr}/remove", "hr"),
    "close": StaffSpot("/campaigns/{new}/close", "hr"),
    "delete": StaffSpot("/campaigns/{new}/delete", "hr"),
    "units": StaffSpot("/campaigns/{later}/units", "hr"),
    "units-wrong": StaffSpot("/campaigns/{later}/units", "hr", "/units", {"units": _UNITS}, 400),
    "units-frozen": StaffSpot("/campaigns/{autumn}/units", "hr"),
    "spelling": StaffSpot("/campaigns/{listed}/units/{listed_unit}", "hr"),
    "spelling-wrong": StaffSpot(
        "/campaigns/{listed}/units/{listed_unit}", "hr", "/{listed_unit}", {"label": ""}, 400
    ),
    "list": StaffSpot("/campaigns/{listed}/people", "hr"),
    "list-wrong": StaffSpot("/campaigns/{listed}/people", "hr", "/people", {"addresses": ""}, 400),
    "list-preview": StaffSpot("/campaigns/{listed}/people", "hr", "/people", {"addresses": _LIST}),
    "links": StaffSpot("/campaigns/{new}/links", "hr"),
    "poster": StaffSpot("/campaigns/{new}/links/{poster}", "hr"),
    "link-replace": StaffSpot("/campaigns/{new}/links/{poster}/renew", "hr"),
    "invitations": StaffSpot("/campaigns/{autumn}/invitations", "hr"),
    "invitations-wrong": StaffSpot(
        "/campaigns/{listed}/invitations", "hr", "/invitations", {"number": ""}, 400
    ),
    "invitations-again": StaffSpot("/campaigns/{autumn}/invitations?done=sent-twice", "hr"),
    "invitations-unknown": StaffSpot(
        "/campaigns/{autumn}/invitations", "hr", "/revoke", {"named": "x\ny"}, 400
    ),
    "reports": StaffSpot("/reports", "hr"),
    "report": StaffSpot("/reports/{autumn}", "hr"),
    "report-compared": StaffSpot("/reports/{autumn}?compare={spring}", "hr"),
    "report-of-unit": StaffSpot("/reports/{autumn}?unit={unit}", "hr"),
    "report-with-a-burst": StaffSpot("/reports/{spring}", "hr"),
    "report-of-nothing": StaffSpot("/reports/{new}", "hr"),
    "report-for-respondents": StaffSpot("/reports/{autumn}/respondents", "hr"),
    "report-for-respondents-wrong": StaffSpot(
        "/reports/{autumn}/respondents", "hr", "/respondents", {"plans": ""}, 400
    ),
    "counsellor-links": StaffSpot("/links", "counsellor"),
    "link-new": StaffSpot("/links/new", "counsellor"),
    "link-wrong": StaffSpot("/links/new", "counsellor", "/new", {"name": "", "uses": "0"}, 400),
    "link": StaffSpot("/links/{group}", "counsellor"),
    "link-edit": StaffSpot("/links/{group}/edit", "counsellor"),
    "link-edit-wrong": StaffSpot("/links/{group}/edit", "counsellor", "/edit", {"name": ""}, 400),
    "link-delete": StaffSpot("/links/{group}/delete", "counsellor"),
    "link-poster": StaffSpot("/links/{group}/poster", "counsellor", language="nb"),
    "guided": StaffSpot("/guided/{guided}"),
    "guided-begin": StaffSpot("/guided/{guided}/begin"),
    # Text that cannot be a code takes no try of the link.
    "guided-return": StaffSpot("/guided/{guided}/return", "", "/return", {"code": "no code"}, 400),
    "guided-used-up": StaffSpot("/guided/{used_up}", status=410),
    "clients": StaffSpot("/clients", "counsellor"),
    "client-closed": StaffSpot("/clients/{kari}", "counsellor"),
    "client": StaffSpot("/clients/{kari}", "counsellor", opens=True),
    "client-compare": StaffSpot(
        "/clients/{kari}", "counsellor", "/clients/{kari}/compare", opens=True
    ),
    "client-talk": StaffSpot("/clients/{kari}/talk", "counsellor", opens=True),
    "client-gone": StaffSpot("/clients/{stopped}", "counsellor", status=410),
    "shared-closed": StaffSpot("/shared/{shared}"),
    "shared": StaffSpot("/shared/{shared}", opens=True),
    "people": StaffSpot("/staff", "admin"),
    "invite": StaffSpot("/staff/new", "admin"),
    "invite-wrong": StaffSpot("/staff/new", "admin", "/new", {"name": "", "email": "x"}, 400),
    "member": StaffSpot("/staff/{counsellor}", "admin"),
    "member-disable": StaffSpot("/staff/{counsellor}/disable", "admin"),
    "member-reset": StaffSpot("/staff/{counsellor}/reset", "admin"),
    "hand-over": StaffSpot("/staff/{hr}/campaigns", "admin"),
    "hand-over-wrong": StaffSpot(
        "/staff/{hr}/campaigns", "admin", "/campaigns", {"email": ""}, 400
    ),
    "log": StaffSpot("/staff/log", "admin"),
}
