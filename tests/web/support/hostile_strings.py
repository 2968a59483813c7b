"""Texts that could break a page, a spreadsheet, a header or a template."""

from fitquiz.core.name_spelling import is_printable_name, tidy_name

HOSTILE = {
    "script": "<script>alert(1)</script>",
    "attribute": '"><svg onload=alert(1)>',
    "single quotes": "'><img src=x onerror=alert(1)>",
    "handler": '" autofocus onfocus="alert(1)',
    "comment": "--><b>x</b><!--",
    "textarea": "</textarea></title></style><b>x",
    "entity": "&lt;b&gt; &amp;amp; &#60;",
    "braces": "{{7*7}}",
    "block": "{% for x in y %}{{ config }}",
    "old format": "%(title)s %s %n",
    "new format": "{0} {title.__class__}",
    "dollar": "${7*7} #{7*7} `id`",
    "SQL": "'; DROP TABLE campaign; --",
    "equals": "=HYPERLINK(A1)",
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(1)",
    "tab": "\t=1+1",
    "return": "\r=1+1",
    "override": "\u202egnp.exe\u202c",
    "zero width": "a\u200bb\u2060c\ufeff",
    "flood": "a" + "\u0301" * 60,
    "emoji": "\U0001f469\u200d\U0001f52c\U0001f1f3\U0001f1f4",
    "80": "w" * 80,
    "120": "w" * 120,
    "line separators": "a\u2028b\u2029c\x85d",
    "scheme": "javascript:alert(1)",
    "headers": "a\r\nSet-Cookie: x=1\r\n\r\n<b>",
    "NUL": "a\x00b",
    "bell": "a\x07b\x1b[31m",
    "very long": "x" * 5000,
    "path": "../../../etc/passwd",
    "noncharacter": "a\uffffb\ufdd0",
    "private use": "a\ue000b",
}
"""The hostile texts, by name. The limits of names are 80, 100 and 120 characters."""

KEPT = {
    name: tidy
    for name, text in HOSTILE.items()
    if is_printable_name(tidy := tidy_name(text)) and 0 < len(tidy) <= 80 and tidy not in ("", " ")
}
"""The hostile texts that a form accepts, in the form in which the app stores them."""
