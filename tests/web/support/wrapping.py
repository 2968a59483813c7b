"""Wraps links as mail programs do."""

GAPS = (" ", "\n", "\r\n", "\n    ", "=\n", "=\r\n", "=")
"""What mail programs put between the lines of a wrapped link, and what a box of one line leaves of it."""


def list_wrapped(address: str, token: str, gap: str) -> list[str]:
    """Return the address with the gap at one place or at two places."""
    start = address.index(token)
    places = [(start + 1,), (start + 21,), (start + 42,), (start - 5,), (start, start + 30)]
    wrapped = []
    for cuts in places:
        ends = (0, *cuts, len(address))
        lines = [address[ends[at] : ends[at + 1]] for at in range(len(ends) - 1)]
        wrapped.append(gap.join(lines))
    return wrapped
