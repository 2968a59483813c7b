"""What is logged, and that no secret is: every record is cleaned as it is made, whichever part of the program logs it.

Tokens, handles, codes, e-mail addresses and queries are taken out of messages. Of a failure its type and where it came
from are told, never its own message, which may hold what somebody typed. There is no log of who asks for what.
"""

import json
import logging
import re
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from traceback import extract_tb
from types import TracebackType
from typing import Any

from fitquiz.config.settings import Settings, SettingsError

FORMATS = ("text", "json")
GRANIAN = {"formatters": {}, "handlers": {}, "loggers": {"_granian": {"propagate": True}}}
"""The server logs through ours, and prints nothing by itself."""
MOST_CHARACTERS = 4000
_SECRETS = (
    (re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+"), " "),
    (re.compile(r"\?[^\s\"'?]*=[^\s\"']*"), "?[query]"),
    (
        re.compile(r"/(attempts|shared|invitations|guided|return|staff-links)/[^/\s?\"']+"),
        r"/\1/[secret]",
    ),
    (re.compile(r"(?<![\w-])[\w-]{40,}(?![\w-])"), "[secret]"),
    (
        re.compile(r"[^\s<>\"'(),;:=\[\]/@]{1,200}(?:@|%40)[^\s<>\"'(),;:=\[\]/@]{1,200}"),
        "[e-mail]",
    ),
    (re.compile(r"\b(?:[0-9A-Za-z]{5}-[0-9A-Za-z]{5}|\d{6}|\d{3} \d{3})\b"), "[code]"),
)
_log = logging.getLogger(__name__)


class CleanRecord(logging.LogRecord):
    """A record without secrets; `failure` is the type of what was raised, `frames` where it came from."""

    failure = ""
    frames: tuple[str, ...] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        try:
            message = self.getMessage()
        except (TypeError, ValueError, KeyError):
            message = str(
                self.msg
            )  # A message that does not fit its values is logged without them.
        self.msg, self.args = clean(message), None
        if self.exc_info and self.exc_info[1] is not None:
            self.failure = _name(self.exc_info[1])
            self.frames = tuple(_describe(self.exc_info[1]))
            self.exc_info, self.exc_text = None, "\n".join(f"  {frame}" for frame in self.frames)


class JsonFormatter(logging.Formatter):
    """One object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        said: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record, CleanRecord) and record.failure:
            said |= {"failure": record.failure, "traceback": list(record.frames)}
        return json.dumps(said, ensure_ascii=False)


def init_logs(settings: Settings) -> None:
    """Let every record of this process be clean; raise SettingsError for a format that there is not."""
    read_format(settings.log_format)
    logging.setLogRecordFactory(CleanRecord)


def read_format(text: str) -> str:
    """Return the format, if there is such a one."""
    if text not in FORMATS:
        raise SettingsError(f"FITQUIZ_LOG_FORMAT is {text!r}; write {' or '.join(FORMATS)}.")
    return text


def start_logging(settings: Settings) -> None:
    """Log to standard error from now on, what nobody has caught included; for a process that serves."""
    init_logs(settings)
    handler = logging.StreamHandler()
    plain = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if settings.log_format == "json" else plain)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    sys.excepthook = _log_uncaught
    threading.excepthook = lambda caught: _log_uncaught(
        caught.exc_type, caught.exc_value, caught.exc_traceback
    )
    sys.unraisablehook = lambda caught: _log_uncaught(
        caught.exc_type, caught.exc_value, caught.exc_traceback
    )


def clean(text: str) -> str:
    """Return a text without secrets, on one line."""
    text = text[:MOST_CHARACTERS]
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


def _describe(failure: BaseException) -> Iterator[str]:
    """Yield where a failure came from, after what had led to it; no source line and no value."""
    chain = [failure]
    while (earlier := _find_cause(chain[-1])) is not None and earlier not in chain:
        chain.append(earlier)
    for each in reversed(chain):
        for frame in extract_tb(each.__traceback__):
            yield f"{frame.filename}:{frame.lineno} in {frame.name}"
        yield _name(each)


def _find_cause(failure: BaseException) -> BaseException | None:
    return failure.__cause__ or (None if failure.__suppress_context__ else failure.__context__)


def _name(failure: BaseException) -> str:
    return f"{type(failure).__module__}.{type(failure).__qualname__}"


def _log_uncaught(
    kind: type[BaseException], failure: BaseException | None, _trace: TracebackType | None
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log.critical("nobody caught this", exc_info=failure or kind())
