"""Finds words that must not stand in texts in Nynorsk."""

import re

BOKMAL = """
alene allerede ansatt ansatte bare ble dere deres egen eget egne en enhet enheten enheter et
flere fortsatt fra gjør gjøre hun hva hvem hver hvert hvilke hvilken hvis hvor hvordan hvorfor
ikke jeg kommer lenke lenken mer mulig mye navn noe noen påstandene påstander sammen selv siden
sier slettes spørsmålene svarene tall uten veileder velge velger vet være vært åpen åpne
"""
"""Frequent words of Bokmål that have another form in Nynorsk."""

OTHER_WORDS = """
allereie attende byrja byrje dykkar helling kampanje runde runden skilnad skår tenar tenaren
utsegn utsegner vart viss òg
"""
"""Words of Nynorsk for which these texts have another word. One thing has one word."""

_PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
_WORD = re.compile(r"\w+")
_WRONG = frozenset(_WORD.findall(BOKMAL + OTHER_WORDS))


def find_wrong_words(text: str) -> set[str]:
    """Return the words of a text that are Bokmål, or for which these texts have another word."""
    words = _WORD.findall(_PLACEHOLDER.sub(" ", text).lower())
    return set(words) & _WRONG
