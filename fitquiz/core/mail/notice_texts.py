"""The texts of the messages to staff.

To add a language, add an entry to NOTICE_TEXTS. Each `{name}` is replaced with a value.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NoticeTexts:
    """The texts of all messages to staff in one language.

    The texts `invitation`, `reset`, `sealed` and `shared` are the first paragraphs of the messages.
    """

    greeting: str
    invitation_subject: str
    invitation: str
    invitation_ends: str
    reset_subject: str
    reset: str
    reset_ends: str
    choose: str
    unexpected: str
    sealed_subject: str
    sealed: str
    report: str
    report_without_link: str
    why_sealed: str
    shared_subject: str
    shared: str
    why_shared: str


NOTICE_TEXTS: Mapping[str, NoticeTexts] = {
    "nb": NoticeTexts(
        greeting="Hei!",
        invitation_subject="Velg et passord til Fitquiz",
        invitation="Du har fått en konto i Fitquiz.",
        invitation_ends="Lenken virker én gang, og i sju dager. Ikke gi den videre.",
        reset_subject="Velg et nytt passord til Fitquiz",
        reset="Kontoen din i Fitquiz er nullstilt, og det gamle passordet virker ikke lenger.",
        reset_ends="Lenken virker én gang, og i ett døgn. Ikke gi den videre.",
        choose="Velg et passord her:",
        unexpected="Ventet du ikke denne e-posten? Spør administratoren hos dere.",
        sealed_subject="Forseglet: {title}",
        sealed="Undersøkelsen «{title}» er avsluttet og forseglet.",
        report="Her er rapporten:",
        report_without_link="Logg inn og velg «Rapporter» for å lese rapporten.",
        why_sealed="Du får denne e-posten fordi du er eier av undersøkelsen eller kan lese rapporten.",
        shared_subject="Delt med deg: {title}",
        shared="En kollega har delt rapporten om «{title}» med deg. Tallene vises når de er forseglet.",
        why_shared="Du får denne e-posten fordi du har en konto i Fitquiz.",
    ),
    "nn": NoticeTexts(
        greeting="Hei!",
        invitation_subject="Vel eit passord til Fitquiz",
        invitation="Du har fått ein konto i Fitquiz.",
        invitation_ends="Lenkja verkar éin gong, og i sju dagar. Ikkje gi ho vidare.",
        reset_subject="Vel eit nytt passord til Fitquiz",
        reset="Kontoen din i Fitquiz er nullstilt, og det gamle passordet verkar ikkje lenger.",
        reset_ends="Lenkja verkar éin gong, og i eitt døgn. Ikkje gi ho vidare.",
        choose="Vel eit passord her:",
        unexpected="Venta du ikkje denne e-posten? Spør administratoren hos dykk.",
        sealed_subject="Forsegla: {title}",
        sealed="Undersøkinga «{title}» er avslutta og forsegla.",
        report="Her er rapporten:",
        report_without_link="Logg inn og vel «Rapportar» for å lese rapporten.",
        why_sealed="Du får denne e-posten fordi du er eigar av undersøkinga eller kan lese rapporten.",
        shared_subject="Delt med deg: {title}",
        shared="Ein kollega har delt rapporten om «{title}» med deg. Tala blir viste når dei er forsegla.",
        why_shared="Du får denne e-posten fordi du har ein konto i Fitquiz.",
    ),
    "en": NoticeTexts(
        greeting="Hello!",
        invitation_subject="Choose a password for Fitquiz",
        invitation="You have an account in Fitquiz.",
        invitation_ends="The link works once, within seven days. Do not pass it on.",
        reset_subject="Choose another password for Fitquiz",
        reset="Your account in Fitquiz was reset, and the old password no longer works.",
        reset_ends="The link works once, within a day. Do not pass it on.",
        choose="Choose a password here:",
        unexpected="Did you not expect this e-mail? Ask your administrator.",
        sealed_subject="Sealed: {title}",
        sealed="The survey “{title}” is over, and has been sealed.",
        report="Here is the report:",
        report_without_link="Sign in and choose “Reports” to read the report.",
        why_sealed="You get this e-mail because you own the survey or can read its report.",
        shared_subject="Shared with you: {title}",
        shared="A colleague has shared the report of “{title}” with you. It shows figures when they are sealed.",
        why_shared="You get this e-mail because you have an account in Fitquiz.",
    ),
}
"""The texts of each language, by code."""
