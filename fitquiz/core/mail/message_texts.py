"""The texts of the messages that invite and remind people.

To add a language, add an entry to TEXTS. Each `{name}` is replaced with a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MessageTexts:
    """The texts of all messages in one language.

    A reminder begins with `reminder`. An invitation begins with `invitation`, and with the own
    words of HR. `responsible` and `contact` end a message, if the server knows the organisation and
    its contact. The other texts are in every message.
    """

    invitation_subject: str
    reminder_subject: str
    greeting: str
    invitation: str
    reminder: str
    begin: str
    link_is_personal: str
    privacy: str
    everybody: str
    stop: str
    address: str
    responsible: str
    contact: str
    last_day: str
    day: str
    months: tuple[str, ...]


_NORWEGIAN_MONTHS = (
    *("januar", "februar", "mars", "april", "mai", "juni"),
    *("juli", "august", "september", "oktober", "november", "desember"),
)
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

TEXTS: Mapping[str, MessageTexts] = {
    "nb": MessageTexts(
        invitation_subject="Invitasjon: {title}",
        reminder_subject="Påminnelse: {title}",
        greeting="Hei!",
        invitation=(
            "{inviter} inviterer deg til «{title}». Du tar stilling til noen korte påstander om "
            "hva du liker i en arbeidsdag, og får et eget resultat med en gang."
        ),
        reminder=(
            "Takk til deg som allerede har svart på «{title}»! Har du ikke svart, er det fortsatt "
            "tid. Denne påminnelsen går til alle som er invitert, fordi ingen holder oversikt over "
            "hvem som har svart."
        ),
        begin="Begynn her:",
        link_is_personal=(
            "Lenken er bare til deg. Den virker til og med {day}. Ikke gi den videre."
        ),
        privacy=(
            "Svarene dine er dine. {inviter} ser bare tall for grupper, aldri hva én person har svart."
        ),
        everybody=(
            "Lenken er laget for deg automatisk. Verken {inviter} eller noen andre i HR har sett den."
        ),
        stop="Vil du ikke ha flere e-poster om dette? Trykk her:",
        address=(
            "Adressen din er lagret kryptert, bare for disse e-postene. Den slettes etter siste "
            "e-post, og senest når undersøkelsen avsluttes."
        ),
        responsible="{organisation} har ansvaret for svarene.",
        contact="Spørsmål: {contact}",
        last_day="Siste dag: {title}",
        day="{day}. {month} {year}",
        months=_NORWEGIAN_MONTHS,
    ),
    "nn": MessageTexts(
        invitation_subject="Invitasjon: {title}",
        reminder_subject="Påminning: {title}",
        greeting="Hei!",
        invitation=(
            "{inviter} inviterer deg til «{title}». Du tek stilling til nokre korte påstandar om "
            "kva du likar i ein arbeidsdag, og får eit eige resultat med ein gong."
        ),
        reminder=(
            "Takk til deg som alt har svart på «{title}»! Har du ikkje svart, er det framleis tid. "
            "Denne påminninga går til alle som er inviterte, fordi ingen held oversikt over kven "
            "som har svart."
        ),
        begin="Begynn her:",
        link_is_personal=(
            "Lenkja er berre til deg. Ho verkar til og med {day}. Ikkje gi ho vidare."
        ),
        privacy=(
            "Svara dine er dine. {inviter} ser berre tal for grupper, aldri kva éin person har svart."
        ),
        everybody=(
            "Lenkja er laga til deg automatisk. Verken {inviter} eller nokon andre i HR har sett ho."
        ),
        stop="Vil du ikkje ha fleire e-postar om dette? Trykk her:",
        address=(
            "Adressa di er lagra kryptert, berre for desse e-postane. Ho blir sletta etter den "
            "siste e-posten, og seinast når undersøkinga blir avslutta."
        ),
        responsible="{organisation} har ansvaret for svara.",
        contact="Spørsmål: {contact}",
        last_day="Siste dag: {title}",
        day="{day}. {month} {year}",
        months=_NORWEGIAN_MONTHS,
    ),
    "en": MessageTexts(
        invitation_subject="Invitation: {title}",
        reminder_subject="Reminder: {title}",
        greeting="Hello!",
        invitation=(
            "{inviter} invites you to “{title}”. You rate a few short statements about what you "
            "like in a working day, and get a result of your own at once."
        ),
        reminder=(
            "Thank you if you have answered “{title}” already! If you have not, there is still "
            "time. Everybody who was invited gets this reminder, because nobody keeps track of who "
            "has answered."
        ),
        begin="Begin here:",
        link_is_personal=(
            "The link is for you alone. It works until {day} inclusive. Do not pass it on."
        ),
        privacy=(
            "Your answers are yours. {inviter} sees figures of groups only, never what one person "
            "has answered."
        ),
        everybody=(
            "The link was made for you automatically. Neither {inviter} nor anybody else in HR has seen it."
        ),
        stop="Do you want no more e-mail about this? Press here:",
        address=(
            "Your address is stored encrypted, for these e-mails only. It is deleted after the last "
            "e-mail, and at the latest when the survey closes."
        ),
        responsible="{organisation} is responsible for the answers.",
        contact="Questions: {contact}",
        last_day="Last day: {title}",
        day="{day} {month} {year}",
        months=_ENGLISH_MONTHS,
    ),
}
"""The texts of each language, by code."""


def write_day(texts: MessageTexts, day: date) -> str:
    """Return a date in words."""
    month = texts.months[day.month - 1]
    return texts.day.format(
        day=day.day,
        month=month,
        year=day.year,
    )
