"""Words from the internals of the program. No page may show these words."""

import re

INSIDE = re.compile(
    r"Traceback|SELECT|INSERT|sqlite|sqlalchemy|psycopg|werkzeug|flask|jinja|python|\.py\b|/srv|secret|Error\(|\d\.\d\.\d",
    re.IGNORECASE,
)
