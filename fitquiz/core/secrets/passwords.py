"""The limits for the length of a staff password.

Source: NIST SP 800-63B-4, section 3.1.1. The section asks for a minimum length and for a check
against known passwords. The section advises against expiry dates and against rules about kinds of
characters.
"""

MIN_LENGTH = 15
MAX_LENGTH = 128


def find_length_fault(password: str) -> str | None:
    """Return `too-short`, `too-long`, or None if the length is allowed.

    The length is the number of characters.
    """
    if len(password) < MIN_LENGTH:
        return "too-short"
    if len(password) > MAX_LENGTH:
        return "too-long"
    return None
