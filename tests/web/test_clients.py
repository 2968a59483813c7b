"""The counsellor's desk: who shares now, one client's results side by side, and what to talk about."""

from tests.web.answering import agree
from tests.web.counselling import find_address, list_clients, look, make_link, share, take
from tests.web.respondent import Respondent
from tests.web.staff_member import StaffMember


def test_a_client_shares_twice_and_the_counsellor_sees_what_changed(alice: Respondent, carl: StaffMember) -> None:
    address = find_address(carl, make_link(carl))
    take(alice, address, agree(people=4, focus=1))
    share(alice, carl.staff.id)
    take(alice, address, agree(people=0, focus=4))
    share(alice, carl.staff.id, together="y")
    new, old = list_clients(carl)
    look(carl, new)
    page = carl.send(carl.page.find_form("/compare"), other=old.rpartition("/")[2])
    print(page.text)
