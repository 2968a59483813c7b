"""The report of a sealed campaign, for everybody who has a link of the campaign.

HR decides whether this page exists. The page shows the figures of HR's page and nothing more. The
figures are read with HR's connection.
"""

from flask import Blueprint, render_template

from fitquiz.web.device.link_attempts import (
    NO_ATTEMPTS,
    find_link_attempts,
    show_dead_end,
)
from fitquiz.web.hr.reports.report_requests import (
    describe_report,
    make_page_report,
    read_request,
)
from fitquiz.web.landing.arrivals import (
    find_invitation_ticket,
    find_report_arrival,
    is_kiosk_link,
)
from fitquiz.web.limits.wrong_link_limit import note_known_link

blueprint = Blueprint("shared_report", __name__)


@blueprint.get("/invitations/<token>/report")
def report(token: str) -> str | tuple[str, int]:
    """Show the published figures of the whole campaign, or of the unit that the address names.

    The page is the same for visitors who have answered and for visitors who have not.
    """
    arrival = find_report_arrival(token)
    if arrival is None:
        return show_dead_end(find_invitation_ticket(token), is_kiosk_link(token))

    # The address of a known link may still name a unit or a page that does not exist.
    note_known_link()
    report_request = read_request(
        "shared_report.report", {"token": token}, arrival.campaign, earlier=[]
    )
    found = make_page_report(report_request)
    is_kiosk = arrival.invitation.is_kiosk
    ticket = find_invitation_ticket(token)
    return render_template(
        "landing/shared_report/report.html",
        **describe_report(report_request, found),
        shown=arrival.report,
        pack=report_request.pack,
        attempts=NO_ATTEMPTS if is_kiosk else find_link_attempts(ticket),
    )
