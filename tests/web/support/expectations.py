"""Who may open which route: a line for each route and method, a column for each person. A missing line fails the tests.

+ the person may open the route. 0 the response is 404, as for an address that does not exist. x the response is 403.
> the response redirects to the sign-in page. ! the person may send the form, but the form is not valid (400).
"""

import re
from collections.abc import Mapping

TABLE = """
                                   n m a h h r c c a g l
                                   o a l a a i a o d o e
                                   b l i n r t r r a n f
                                   o l c a r a l a   e t
                                   d o e   y
                                   y r
                                     y
static_files.send            GET   + + + + + + + + + + +
health.healthz               GET   + + + + + + + + + + +
health.readyz                GET   + + + + + + + + + + +
health.metrics               GET   0 0 0 0 0 0 0 0 0 0 0
short_addresses.front        GET   + + + + + + + + + + +
info.start                   GET   + + + + + + + + + + +
info.start_pack              GET   + + + + + + + + + + +
info.how                     GET   + + + + + + + + + + +
info.statements              GET   + + + + + + + + + + +
info.paper                   GET   + + + + + + + + + + +
info.privacy                 GET   + + + + + + + + + + +
invitation_landing.start     GET   + + + + + + + + + + +
short_addresses.code         GET   + + + + + + + + + + +
invitation_landing.code      GET   + + + + + + + + + + +
invitation_landing.code      POST  + + + + + + + + + + +
mail_stop.stop               GET   + + + + + + + + + + +
mail_stop.stop               POST  + + + + + + + + + + +
link_landing.start           GET   + + + + + + + + + + +
link_landing.begin           GET   + + + + + + + + + + +
link_landing.begin           POST  + + + + + + + + + + +
link_return.come_back        GET   + + + + + + + + + + +
link_return.come_back        POST  + + + + + + + + + + +
answering.begin              GET   + + + + + + + + + + +
answering.begin              POST  + + + + + + + + + + +
invitation_landing.begin      GET   + + + + + + + + + + +
invitation_landing.begin      POST  + + + + + + + + + + +
answering.go_on              GET   0 0 + 0 0 0 0 0 0 0 0
answering.item               GET   0 0 + 0 0 0 0 0 0 0 0
answering.item               POST  0 0 + 0 0 0 0 0 0 0 0
background_answers.read_items GET   0 0 + 0 0 0 0 0 0 0 0
background_answers.store_answers POST  0 0 + 0 0 0 0 0 0 0 0
background_answers.show_refused GET   0 0 + 0 0 0 0 0 0 0 0
check.check                  GET   0 0 + 0 0 0 0 0 0 0 0
check.check                  POST  0 0 + 0 0 0 0 0 0 0 0
optional_parts.open_more     POST  0 0 + 0 0 0 0 0 0 0 0
optional_parts.decline       POST  0 0 + 0 0 0 0 0 0 0 0
check.reopen                 POST  0 0 + 0 0 0 0 0 0 0 0
result.result                GET   0 0 + 0 0 0 0 0 0 0 0
result.answers               GET   0 0 + 0 0 0 0 0 0 0 0
result.how                   GET   0 0 + 0 0 0 0 0 0 0 0
result.download              GET   0 0 + 0 0 0 0 0 0 0 0
comparisons.compare          GET   0 0 + 0 0 0 0 0 0 0 0
job_ratings.offer            GET   0 0 + 0 0 0 0 0 0 0 0
job_ratings.offer            POST  0 0 + 0 0 0 0 0 0 0 0
job_ratings.forget           POST  0 0 + 0 0 0 0 0 0 0 0
manage_shares.share          GET   0 0 + 0 0 0 0 0 0 0 0
manage_shares.share          POST  0 0 + 0 0 0 0 0 0 0 0
manage_shares.confirm        POST  0 0 + 0 0 0 0 0 0 0 0
manage_shares.stop           POST  0 0 + 0 0 0 0 0 0 0 0
group_count.counted          GET   0 0 + 0 0 0 0 0 0 0 0
group_count.counted          POST  0 0 + 0 0 0 0 0 0 0 0
keeping.link                 GET   0 0 + 0 0 0 0 0 0 0 0
keeping.delete               GET   0 0 + 0 0 0 0 0 0 0 0
keeping.delete               POST  0 0 + 0 0 0 0 0 0 0 0
keeping.deleted              GET   0 0 0 0 0 0 0 0 0 0 0
keeping.forget               POST  0 0 + 0 0 0 0 0 0 0 0
keeping.finish               POST  + + + + + + + + + + +
keeping.come_back            GET   + + + + + + + + + + +
keeping.come_back            POST  + + + + + + + + + + +
keeping.clear                GET   + + + + + + + + + + +
keeping.clear                POST  + + + + + + + + + + +
keeping.cleared              GET   + + + + + + + + + + +
sign_in.sign_in              GET   + + + + + + + + + + +
sign_in.sign_in              POST  + + + + + + + + + + +
sign_in.sign_out             POST  > > > > > > > > > > >
sign_in.stay                 POST  x x x + + + + + + x x
sign_in.choose               GET   + + + + + + + + + + +
sign_in.choose               POST  + + + + + + + + + + +
second_factors.second_factor GET   > > > + + + + + + > >
second_factors.add           POST  x x x + + + + + + x x
second_factors.renew         POST  x x x ! ! ! ! ! ! x x
second_factors.remove        POST  x x x + + + + + + x x
second_factors.code          GET   > > > > > > > > > > >
second_factors.code          POST  > > > > > > > > > > >
own_account.account          GET   > > > + + + + + + > >
own_account.password         GET   > > > + + + + + + > >
own_account.password         POST  x x x + + + + + + x x
staff_admin.people           GET   > > > x x x x x + > >
staff_admin.invite           GET   > > > x x x x x + > >
staff_admin.invite           POST  x x x x x x x x + x x
staff_admin.member           GET   > > > x x x x x + > >
staff_admin.member           POST  x x x x x x x x + x x
staff_admin.disable          GET   > > > x x x x x + > >
staff_admin.disable          POST  x x x x x x x x + x x
staff_admin.enable           POST  x x x x x x x x + x x
staff_admin.reset            GET   > > > x x x x x + > >
staff_admin.reset            POST  x x x x x x x x + x x
staff_admin.log              GET   > > > x x x x x + > >
hand_over.campaigns          GET   > > > x x x x x + > >
hand_over.campaigns          POST  x x x x x x x x + x x
campaigns.campaigns          GET   > > > + + + x x x > >
campaigns.new                GET   > > > + + + x x x > >
campaigns.new                POST  x x x + + + x x x x x
campaigns.campaign           GET   > > > + 0 0 x x x > >
campaigns.copy               GET   > > > + 0 0 x x x > >
campaigns.edit               GET   > > > + 0 0 x x x > >
campaigns.edit               POST  x x x + 0 0 x x x x x
campaign_lifecycle.pause     POST  x x x + 0 0 x x x x x
campaign_lifecycle.resume    POST  x x x + 0 0 x x x x x
campaign_lifecycle.close     GET   > > > + 0 0 x x x > >
campaign_lifecycle.close     POST  x x x + 0 0 x x x x x
campaign_lifecycle.delete    GET   > > > + 0 0 x x x > >
campaign_lifecycle.delete    POST  x x x + 0 0 x x x x x
colleagues.colleagues        GET   > > > + 0 0 x x x > >
colleagues.colleagues        POST  x x x + 0 0 x x x x x
colleagues.remove            GET   > > > + 0 0 x x x > >
colleagues.remove            POST  x x x + 0 0 x x x x x
units.units                  GET   > > > + 0 0 x x x > >
units.units                  POST  x x x + 0 0 x x x x x
units.spelling               GET   > > > + 0 0 x x x > >
units.spelling               POST  x x x + 0 0 x x x x x
invitations.links            GET   > > > + 0 0 x x x > >
invitations.poster           GET   > > > + 0 0 x x x > >
link_renewal.renew           GET   > > > + 0 0 x x x > >
link_renewal.renew           POST  x x x + 0 0 x x x x x
invitations.personal         GET   > > > + 0 0 x x x > >
invitations.personal         POST  x x x + 0 0 x x x x x
invitations.everybody        POST  x x x + 0 0 x x x x x
invitations.revoke           POST  x x x + 0 0 x x x x x
invitations.download         POST  x x x + 0 0 x x x x x
mailings.mailings            GET   > > > + 0 0 x x x > >
mailings.new                 GET   > > > + 0 0 x x x > >
mailings.new                 POST  x x x + 0 0 x x x x x
people.new                   GET   > > > + 0 0 x x x > >
people.new                   POST  x x x + 0 0 x x x x x
kiosks.use                   POST  x x x + 0 0 x x x x x
kiosks.stop                  POST  x x x + 0 0 x x x x x
reports.reports              GET   > > > + + + x x x > >
reports.report               GET   > > > + 0 + x x x > >
reports.download             POST  x x x + 0 + x x x x x
reports.anonymity            GET   + + + + + + + + + + +
respondent_reports.show      GET   > > > + 0 0 x x x > >
respondent_reports.show      POST  x x x + 0 0 x x x x x
respondent_reports.hide      POST  x x x + 0 0 x x x x x
shared_report.report         GET   + + + + + + + + + + +
links.links                  GET   > > > x x x + + x > >
links.new                    GET   > > > x x x + + x > >
links.new                    POST  x x x x x x + + x x x
links.link                   GET   > > > x x x + 0 x > >
links.poster                 GET   > > > x x x + 0 x > >
links.edit                   GET   > > > x x x + 0 x > >
links.edit                   POST  x x x x x x + 0 x x x
links.close                  POST  x x x x x x + 0 x x x
links.reopen                 POST  x x x x x x + 0 x x x
links.delete                 GET   > > > x x x + 0 x > >
links.delete                 POST  x x x x x x + 0 x x x
clients.clients              GET   > > > x x x + + x > >
clients.client               GET   > > > x x x + 0 x > >
clients.client               POST  x x x x x x + 0 x x x
clients.talk                 GET   > > > x x x + 0 x > >
clients.talk                 POST  x x x x x x + 0 x x x
clients.choose               POST  x x x x x x + 0 x x x
clients.compare              GET   > > > x x x + 0 x > >
public_share.shared          GET   + + + + + + + + + + +
public_share.shared          POST  + + + + + + + + + + +
"""

Key = tuple[str, str]
"""A route and a method."""


def read_expectations() -> Mapping[Key, str]:
    """Return the marks of all people for each route and method, in the order of the columns."""
    rows = re.findall(r"(?m)^([a-z_]+\.[a-z_]+) +([A-Z]+) +(.+)$", TABLE)
    return {(endpoint, method): marks.replace(" ", "") for endpoint, method, marks in rows}
