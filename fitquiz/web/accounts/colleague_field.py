"""A field in which staff type the e-mail address of a colleague who shall own or read campaigns."""

from wtforms.validators import Length

from fitquiz.store.accounts.staff import HR, Staff, find_staff_by_email
from fitquiz.web.accounts.staff_forms import REQUIRED, EmailField
from fitquiz.web.forms.forms import StaffForm
from fitquiz.web.site.database_session import get_session


class ColleagueForm(StaffForm):
    """The e-mail address of a colleague."""

    email = EmailField(validators=[REQUIRED, Length(max=254, message="too-long")])


def find_colleague(form: ColleagueForm, *, says_why: bool) -> Staff | None:
    """Return the account with the typed address.

    If the account cannot own or read campaigns, add an error to the form and return None. Only
    administrators may learn why: with `says_why`, the error differs for missing accounts, disabled
    accounts and accounts without the permission HR.
    """
    typed = str(form.email.data).strip()
    staff = find_staff_by_email(get_session(), typed)
    fault = _find_fault(staff)
    if fault:
        form.email.errors = [fault if says_why else "no-colleague"]
        return None
    return staff


def _find_fault(staff: Staff | None) -> str:
    """Return the key of the error, or an empty text."""
    if staff is None:
        return "no-account"
    if staff.is_disabled:
        return "disabled-account"
    if HR not in staff.permissions:
        return "not-hr"
    return ""
