"""Values, numbers and ids in a pack that could break the reader."""

SCRIPT = "<script>alert(1)</script>"


VALUES = (
    "1",
    "-1",
    "1.5",
    "nan",
    "-inf",
    "1e400",
    "true",
    '""',
    '"x"',
    "[]",
    "[[1]]",
    "{}",
    "{ a = {} }",
    "2026-01-01",
    "07:00:00",
)


NUMBERS = (
    "0",
    "1",
    "12",
    "1_000_000_000",
    "-1",
    "1e-300",
    "1e300",
    "nan",
    "inf",
    "0x7fffffffffffffff",
    "9" * 4000,
    "9" * 5000,
)


IDS = (
    "../../etc/passwd",
    "/etc/passwd",
    "..",
    "",
    "CON",
    "a" * 1000,
    SCRIPT,
    "a\\u0000b",
    "\\u202ea",
    "ａ",
    "a b",
    "{{7*7}}",
    "%(x)s",
)
