"""The settings on who is responsible: what is accepted, and what stops the start with a sentence."""

import pytest

from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.config.site_owner import SiteOwner, read_site_owner

BAD = [
    ("CONTACT", "javascript:alert(1)"),
    ("CONTACT", "call us"),
    ("CONTACT", "quiz@example"),
    ("CONTACT", "https://"),
    ("CONTACT", "https://[::"),
    ("ACCESSIBILITY_URL", "example.org/accessibility"),
    ("ACCESSIBILITY_URL", "javascript:alert(1)"),
    ("ACCESSIBILITY_URL", "https://example.org/a b"),
    ("ORGANISATION", "Fjord\nkommune"),
]


def read(**settings: str) -> SiteOwner:
    return read_site_owner(
        read_settings({f"FITQUIZ_{name}": value for name, value in settings.items()})
    )


def test_an_email_address_becomes_a_link() -> None:
    owner = read(ORGANISATION="Fjord kommune", CONTACT="quiz@fjord.no")
    assert (owner.organisation, owner.contact) == ("Fjord kommune", "quiz@fjord.no")
    assert owner.contact_link == "mailto:quiz@fjord.no"


def test_a_web_address_is_its_own_link() -> None:
    owner = read(
        CONTACT="https://fjord.no/kontakt", ACCESSIBILITY_URL="https://uustatus.no/nb/x?a=1"
    )
    assert owner.contact_link == "https://fjord.no/kontakt"
    assert owner.accessibility_url == "https://uustatus.no/nb/x?a=1"


def test_nothing_needs_to_be_set() -> None:
    owner = read()
    assert (owner.organisation, owner.contact_link, owner.accessibility_url) == ("", "", "")


@pytest.mark.parametrize(("name", "value"), BAD)
def test_what_is_no_address_is_refused(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^FITQUIZ_{name} is .*; write "):
        read(**{name: value})
