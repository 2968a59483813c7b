"""Who may do what: a line a route and method, a column a person. What is not written here fails the tests.

+ is let in; 0 finds nothing (404), as at a made-up address; x is refused (403); > is led to sign in;
! may do it, but there is nothing to do it with (400).
"""

import re
from collections.abc import Mapping

TABLE = """
                                     n m a h h c c a g l
                                     o a l a a a o d o e
                                     b l i n r r r a n f
                                     o l c a r l a   e t
                                     d o e   y
                                     y r
                                       y
static_files.send              GET   + + + + + + + + + +
health.healthz                 GET   + + + + + + + + + +
health.readyz                  GET   + + + + + + + + + +
health.metrics                 GET   0 0 0 0 0 0 0 0 0 0
pages.front                    GET   + + + + + + + + + +
pages.start                    GET   + + + + + + + + + +
pages.start_pack               GET   + + + + + + + + + +
pages.how                      GET   + + + + + + + + + +
pages.statements               GET   + + + + + + + + + +
pages.privacy                  GET   + + + + + + + + + +
welcome.start                  GET   + + + + + + + + + +
welcome.short_code             GET   + + + + + + + + + +
welcome.code                   GET   + + + + + + + + + +
welcome.code                   POST  + + + + + + + + + +
guided.start                   GET   + + + + + + + + + +
guided.begin                   GET   + + + + + + + + + +
guided.begin                   POST  + + + + + + + + + +
quiz.begin                     GET   + + + + + + + + + +
quiz.begin                     POST  + + + + + + + + + +
quiz.begin_counted             GET   + + + + + + + + + +
quiz.begin_counted             POST  + + + + + + + + + +
quiz.go_on                     GET   0 0 + 0 0 0 0 0 0 0
quiz.item                      GET   0 0 + 0 0 0 0 0 0 0
quiz.item                      POST  0 0 + 0 0 0 0 0 0 0
quiz.check                     GET   0 0 + 0 0 0 0 0 0 0
quiz.check                     POST  0 0 + 0 0 0 0 0 0 0
quiz.open_more                 POST  0 0 + 0 0 0 0 0 0 0
quiz.reopen                    POST  0 0 + 0 0 0 0 0 0 0
results.result                 GET   0 0 + 0 0 0 0 0 0 0
results.answers                GET   0 0 + 0 0 0 0 0 0 0
results.how                    GET   0 0 + 0 0 0 0 0 0 0
results.download               GET   0 0 + 0 0 0 0 0 0 0
comparisons.compare            GET   0 0 + 0 0 0 0 0 0 0
offers.offer                   GET   0 0 + 0 0 0 0 0 0 0
offers.offer                   POST  0 0 + 0 0 0 0 0 0 0
offers.forget                  POST  0 0 + 0 0 0 0 0 0 0
shares.share                   GET   0 0 + 0 0 0 0 0 0 0
shares.share                   POST  0 0 + 0 0 0 0 0 0 0
shares.stop                    POST  0 0 + 0 0 0 0 0 0 0
counted.counted                GET   0 0 + 0 0 0 0 0 0 0
counted.counted                POST  0 0 + 0 0 0 0 0 0 0
holds.link                     GET   0 0 + 0 0 0 0 0 0 0
holds.delete                   GET   0 0 + 0 0 0 0 0 0 0
holds.delete                   POST  0 0 + 0 0 0 0 0 0 0
holds.deleted                  GET   0 0 0 0 0 0 0 0 0 0
holds.come_back                GET   + + + + + + + + + +
holds.come_back                POST  + + + + + + + + + +
holds.clear                    GET   + + + + + + + + + +
holds.clear                    POST  + + + + + + + + + +
holds.cleared                  GET   + + + + + + + + + +
sign_in.sign_in                GET   + + + + + + + + + +
sign_in.sign_in                POST  + + + + + + + + + +
sign_in.sign_out               POST  > > > > > > > > > >
sign_in.choose                 GET   + + + + + + + + + +
sign_in.choose                 POST  + + + + + + + + + +
second_factors.second_factor   GET   > > > + + + + + > >
second_factors.add             POST  x x x + + + + + x x
second_factors.renew           POST  x x x ! ! ! ! ! x x
second_factors.remove          POST  x x x + + + + + x x
second_factors.code            GET   > > > > > > > > > >
second_factors.code            POST  > > > > > > > > > >
account.account                GET   > > > + + + + + > >
account.password               GET   > > > + + + + + > >
account.password               POST  x x x + + + + + x x
staff.people                   GET   > > > x x x x + > >
staff.invite                   GET   > > > x x x x + > >
staff.invite                   POST  x x x x x x x + x x
staff.member                   GET   > > > x x x x + > >
staff.member                   POST  x x x x x x x + x x
staff.disable                  POST  x x x x x x x + x x
staff.enable                   POST  x x x x x x x + x x
staff.reset                    POST  x x x x x x x + x x
staff.log                      GET   > > > x x x x + > >
campaigns.campaigns            GET   > > > + + x x x > >
campaigns.new                  GET   > > > + + x x x > >
campaigns.new                  POST  x x x + + x x x x x
campaigns.campaign             GET   > > > + 0 x x x > >
campaigns.edit                 GET   > > > + 0 x x x > >
campaigns.edit                 POST  x x x + 0 x x x x x
campaign_course.pause          POST  x x x + 0 x x x x x
campaign_course.resume         POST  x x x + 0 x x x x x
campaign_course.close          GET   > > > + 0 x x x > >
campaign_course.close          POST  x x x + 0 x x x x x
campaign_course.delete         GET   > > > + 0 x x x > >
campaign_course.delete         POST  x x x + 0 x x x x x
units.units                    GET   > > > + 0 x x x > >
units.units                    POST  x x x + 0 x x x x x
invitations.links              GET   > > > + 0 x x x > >
invitations.poster             GET   > > > + 0 x x x > >
invitations.renew              POST  x x x + 0 x x x x x
invitations.personal           GET   > > > + 0 x x x > >
invitations.personal           POST  x x x + 0 x x x x x
invitations.everybody          POST  x x x + 0 x x x x x
invitations.revoke             POST  x x x + 0 x x x x x
invitations.download           POST  x x x + 0 x x x x x
reports.reports                GET   > > > + + x x x > >
reports.report                 GET   > > > + 0 x x x > >
reports.download               POST  x x x + 0 x x x x x
reports.anonymity              GET   + + + + + + + + + +
links.links                    GET   > > > x x + + x > >
links.new                      GET   > > > x x + + x > >
links.new                      POST  x x x x x + + x x x
links.link                     GET   > > > x x + 0 x > >
links.poster                   GET   > > > x x + 0 x > >
links.edit                     GET   > > > x x + 0 x > >
links.edit                     POST  x x x x x + 0 x x x
links.close                    POST  x x x x x + 0 x x x
links.reopen                   POST  x x x x x + 0 x x x
links.delete                   GET   > > > x x + 0 x > >
links.delete                   POST  x x x x x + 0 x x x
clients.clients                GET   > > > x x + + x > >
clients.client                 GET   > > > x x + 0 x > >
clients.client                 POST  x x x x x + 0 x x x
clients.choose                 POST  x x x x x + 0 x x x
clients.compare                GET   > > > x x + 0 x > >
shared.shared                  GET   + + + + + + + + + +
shared.shared                  POST  + + + + + + + + + +
"""

Key = tuple[str, str]
"""A route and a method."""


def read_expectations() -> Mapping[Key, str]:
    """Return for each route and method the marks of everybody, in the order of the columns."""
    rows = re.findall(r"(?m)^([a-z_]+\.[a-z_]+) +([A-Z]+) +(.+)$", TABLE)
    return {(endpoint, method): marks.replace(" ", "") for endpoint, method, marks in rows}
