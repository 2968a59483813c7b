"""The check of the time zone in `fitquiz doctor`."""

from collections.abc import Iterator

from fitquiz.cli.doctor_checks import OK, Finding, Installation


def check_time_zone(installation: Installation) -> Iterator[Finding]:
    """Name the time zone and the present time there, so that the operator can compare a clock."""
    zone = installation.settings.timezone
    local = installation.now.astimezone(zone)
    yield OK, f"{zone.key}, where it is {local:%Y-%m-%d %H:%M}"
