"""How long the password of a staff member must be.

Source: NIST SP 800-63B-4, section 3.1.1. It asks for length and for a check against known passwords,
and advises against rules about kinds of characters and against an expiry date.
"""

MIN_LENGTH = 15
MAX_LENGTH = 128


def find_length_fault(password: str) -> str | None:
    """Return the key of the error, `too-short` or `too-long`, or None. Length is in characters."""
    if len(password) < MIN_LENGTH:
        return "too-short"
    if len(password) > MAX_LENGTH:
        return "too-long"
    return None
