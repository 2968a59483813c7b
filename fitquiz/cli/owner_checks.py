"""The check of `fitquiz doctor` on what the pages say about the responsible organisation."""

from collections.abc import Iterator

from fitquiz.cli.doctor_checks import WARN, Finding, Installation
from fitquiz.config.site_owner import read_site_owner


def check_site_owner(installation: Installation) -> Iterator[Finding]:
    """Check that the pages say who is responsible, how to reach them, and how accessible the pages are."""
    owner = read_site_owner(installation.settings)
    missing = []
    if not owner.organisation:
        missing.append("FITQUIZ_ORGANISATION")
    if not owner.contact:
        missing.append("FITQUIZ_CONTACT")
    if not owner.accessibility_url:
        missing.append("FITQUIZ_ACCESSIBILITY_URL")
    if missing:
        names = ", ".join(missing)
        yield WARN, f"the pages do not say who is responsible; set {names}"
