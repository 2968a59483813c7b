"""Tokens and short codes of links, derived from a stored seed and the server's secret key.

The database stores only hashes of the tokens and the short codes. A short code has 10 characters
of 5 bits each, 50 bits in total. If 100,000 codes are in use, about one in 11,000 million guesses
is right. Therefore nobody can guess a code.
"""

import base64
import hashlib
import hmac
import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""The digits and letters of Crockford's base 32. The letters I, L, O and U are left out."""

CHARACTERS = 10
_BITS_PER_CHARACTER = 5
_LOOK_ALIKES = str.maketrans({"O": "0", "Ø": "0", "I": "1", "L": "1", "U": "V"})
"""The characters that no code contains, and the character of a code that looks like each of them.

A zero with a stroke looks like the letter Ø. S and 5 also look alike, but both can be in a code.
"""
_MAX_FOUND = 8
"""The largest number of possible codes in one text.

The server searches the database for each of these codes.
"""

_LETTER = r"[^\W_]"
_GAP = r"[\W_]"
_PLACES = (
    # Two groups of five letters with a dash between them.
    rf"(?<!{_LETTER})(?=({_LETTER}{{5}} ?[-\u2010-\u2015\u2212] ?{_LETTER}{{5}})(?!{_LETTER}))",
    # Ten letters in a row, or two groups of five letters with any gap.
    rf"(?<!{_LETTER})(?=({_LETTER}{{5}}{_GAP}{{0,3}}{_LETTER}{{5}})(?!{_LETTER}))",
    # Ten single letters.
    rf"(?<!{_LETTER})(?=((?:{_LETTER}{_GAP}{{1,3}}){{9}}{_LETTER})(?!{_LETTER}))",
)
"""Where a code can be in a text. `_LETTER` matches letters and digits."""


def derive_token(secret_key: str, seed: bytes) -> str:
    """Return the token that is derived from a seed, 43 URL-safe characters."""
    digest = _derive(secret_key, b"token", seed)
    token = base64.urlsafe_b64encode(digest).decode()
    return token.rstrip("=")


def derive_code(secret_key: str, seed: bytes) -> str:
    """Return the short code that is derived from a seed, in the form XXXXX-XXXXX."""
    first_bytes = _derive(secret_key, b"code", seed)[:8]
    number = int.from_bytes(first_bytes) >> (64 - _BITS_PER_CHARACTER * CHARACTERS)
    return _write_code(write_letters(number, CHARACTERS))


def read_code(typed: str) -> str | None:
    """Return a typed code in the form XXXXX-XXXXX, or None if `typed` is not a valid code.

    `read_letters` describes what the function ignores.
    """
    letters = read_letters(typed, CHARACTERS)
    return _write_code(letters) if letters else None


def find_codes(text: str) -> list[str]:
    """Return the codes that a text can contain, in the form XXXXX-XXXXX, the most likely first.

    The text can contain words around the code. Two words of five letters can look like a code.
    """
    places = [text, text.rpartition(":")[2]]
    for pattern in _PLACES:
        places += re.findall(pattern, text)
    codes = [read_code(place) for place in places]
    found = dict.fromkeys(code for code in codes if code)
    return list(found)[:_MAX_FOUND]


def hash_code(secret_key: str, code: str) -> bytes:
    """Return the HMAC of a code with the server's secret key, 32 bytes.

    The secret key makes the hash safe. If the hash had no key, a reader of the database could find a
    code by trying all codes.
    """
    return _derive(secret_key, b"code-hash", code.encode())


def write_letters(number: int, count: int) -> str:
    """Return the last `count` characters of a number. Each character has 5 bits."""
    characters = []
    for at in reversed(range(count)):
        index = (number >> (_BITS_PER_CHARACTER * at)) % len(ALPHABET)
        characters.append(ALPHABET[index])
    return "".join(characters)


def read_letters(typed: str, count: int) -> str | None:
    """Return the characters of a typed code, or None if `typed` is no code of `count` characters.

    The function ignores case, spaces and punctuation. The function reads the letters O and Ø as 0,
    the letters I and L as 1, and the letter U as V.
    """
    plain = unicodedata.normalize("NFKC", typed).upper()
    letters = "".join(each for each in plain if each.isalnum())
    code = letters.translate(_LOOK_ALIKES)
    if len(code) != count or not set(code) <= set(ALPHABET):
        return None
    return code


def _write_code(code: str) -> str:
    return f"{code[:5]}-{code[5:]}"


def _derive(secret_key: str, purpose: bytes, seed: bytes) -> bytes:
    key = secret_key.encode()
    message = purpose + b":" + seed
    return hmac.new(key, message, hashlib.sha256).digest()
