"""Reads the settings that name the responsible organisation and lead to it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.mail.pasted_addresses import tidy_address


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteOwner:
    """The organisation that is responsible for the answers. A text is empty if it is not set.

    - `contact`: what people read, an e-mail address or a URL.
    - `contact_link`: the address of the link to the contact.
    - `accessibility_url`: the accessibility statement of the organisation.
    """

    organisation: str
    contact: str
    contact_link: str
    accessibility_url: str


def read_site_owner(settings: Settings) -> SiteOwner:
    """Return the organisation. Raise SettingsError if a setting is not valid."""
    if not settings.organisation.isprintable():
        raise SettingsError(
            "FITQUIZ_ORGANISATION is not a name; write one line of text."
        )
    url = settings.accessibility_url
    if url and not _is_web_address(url):
        raise SettingsError(
            "FITQUIZ_ACCESSIBILITY_URL is not a web address; write https://example.org/accessibility."
        )
    return SiteOwner(
        organisation=settings.organisation.strip(),
        contact=settings.contact,
        contact_link=_link_to(settings.contact),
        accessibility_url=url,
    )


def _link_to(contact: str) -> str:
    if not contact or _is_web_address(contact):
        return contact
    address = tidy_address(contact)
    if address is None:
        raise SettingsError(
            "FITQUIZ_CONTACT is neither an e-mail address nor a web address; "
            "write quiz@example.org, or https://example.org/contact."
        )
    return f"mailto:{address}"


def _is_web_address(text: str) -> bool:
    """Return whether a text is the URL of a page. A link with another scheme could run a script."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    has_odd_characters = not text.isprintable() or " " in text
    return (
        parts.scheme in ("https", "http")
        and bool(parts.hostname)
        and not has_odd_characters
    )
