"""Chooses the page that a browser opens after the sign-in. The page always belongs to this site."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.store.accounts.staff import Staff
from fitquiz.web.accounts.kept_forms import open_kept_form
from fitquiz.web.accounts.staff_forms import OneTimeCodeForm, SignInForm
from fitquiz.web.accounts.staff_navigation import find_first_page


def find_next_page(onward: str, staff: Staff) -> str:
    """Return `onward` if `onward` is a path on this site.

    For every other text, return the path of the first page that belongs to the staff member's work.
    `//example.org` and `/\\example.org` are not paths on this site, because browsers open another
    site for these texts.
    """
    is_path = onward.startswith("/") and not onward.startswith("//")
    is_safe = is_path and "\\" not in onward and onward.isprintable()
    if is_safe:
        return onward
    return url_for(find_first_page(staff))


def go_on(staff: Staff, form: SignInForm | OneTimeCodeForm) -> str | Response:
    """Show the way back to the form that the sign-in has interrupted, or open the next page.

    If the form belongs to another account, forget the form.
    """
    kept = str(form.kept.data or "")
    if not kept:
        return redirect(find_next_page(str(form.onward.data), staff), 303)

    kept_form = open_kept_form(kept, staff)
    if kept_form is None:
        return redirect(find_next_page("", staff), 303)
    return render_template("accounts/sign_in/kept.html", kept_form=kept_form)
