"""Words of the program's inside, which no page may show."""

import re

INSIDE = re.compile(
    r"Traceback|SELECT|INSERT|sqlite|sqlalchemy|psycopg|werkzeug|flask|jinja|python|\.py\b|/srv|secret|Error\(|\d\.\d\.\d",
    re.IGNORECASE,
)
