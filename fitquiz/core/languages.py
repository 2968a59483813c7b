"""Which of the offered languages a reader most likely wants, from the browser's Accept-Language header."""

LANGUAGES = ("nb", "en")
"""The product's own languages; the first is used where nothing is known."""

_READS_AS = {"no": "nb", "nn": "nb", "da": "nb", "sv": "nb"}


def choose_language(accept_language: str, offered: tuple[str, ...] = LANGUAGES) -> str:
    """Return the offered language that the header ranks highest; Norwegian, Danish and Swedish readers get Bokmål."""
    best, best_weight = offered[0], 0.0
    for entry in accept_language[:500].split(","):
        tag, _, parameter = entry.strip().partition(";")
        primary = tag.strip().lower().partition("-")[0]
        language = primary if primary in offered else _READS_AS.get(primary, primary)
        weight = _read_weight(parameter)
        if language in offered and weight > best_weight:
            best, best_weight = language, weight
    return best


def _read_weight(parameter: str) -> float:
    name, _, number = parameter.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return min(1.0, max(0.0, float(number)))
    except ValueError:
        return 0.0
