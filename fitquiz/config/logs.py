"""Logging without secrets. Each log record of each library becomes a `CleanRecord`.

`CleanRecord` removes tokens, handles, codes, e-mail addresses and query strings of URLs from the
message. If an exception is logged, the log contains the exception's type and stack frames. The log
does not contain the exception's own message, because that message may contain what a visitor typed.

fitquiz has no access log: normal requests leave no line in the log.
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
GRANIAN_LOGGING = {
    "formatters": {},
    "handlers": {},
    "loggers": {"_granian": {"propagate": True}},
}
"""The logging configuration for granian.

Granian passes its log records to the handler of `start_logging` and prints nothing itself.
"""

MAX_CHARACTERS = 4000
"""The maximum length of a logged message. `clean` cuts a message before replacing secrets."""

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_QUERY = re.compile(r"\?[^\s\"'?]*=[^\s\"']*")
_SECRET_IN_PATH = re.compile(
    r"/(attempts|shared|invitations|guided|return|staff-links|stop-mail)/[^\w?-]*[^/\s?\"']+",
    re.IGNORECASE,
)
"""Matches a token in a path, even if other text directly precedes or follows the token."""

_LONG_TOKEN = re.compile(r"(?<![\w-])[\w-]{40,}(?![\w-])")
_EMAIL = re.compile(
    r"[^\s<>\"'(),;:=\[\]/@]{1,200}(?:@|%40)[^\s<>\"'(),;:=\[\]/@]{1,200}",
)
_CODE = re.compile(r"\b(?:[0-9A-Za-z]{5}-[0-9A-Za-z]{5}|\d{6}|\d{3} \d{3})\b")
_REPLACEMENTS = (
    (_CONTROL_CHARACTERS, " "),
    (_QUERY, "?[query]"),
    (_SECRET_IN_PATH, r"/\1/[secret]"),
    (_LONG_TOKEN, "[secret]"),
    (_EMAIL, "[e-mail]"),
    (_CODE, "[code]"),
)
"""Patterns with their replacements. `clean` applies the patterns in this order."""

_log = logging.getLogger(__name__)


class CleanRecord(logging.LogRecord):
    """A log record without secrets.

    If an exception is logged, `failure` is the type of the exception, and `frames` contains the
    stack frames as texts. If no exception is logged, `failure` and `frames` are empty.
    """

    failure = ""
    frames: tuple[str, ...] = ()

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        try:
            message = self.getMessage()
        except (TypeError, ValueError, KeyError):
            # The values do not fit the placeholders of the message. Log the message without values.
            message = str(self.msg)
        self.msg = clean(message)
        self.args = None

        if self.exc_info and self.exc_info[1] is not None:
            exception = self.exc_info[1]
            self.failure = _name(exception)
            self.frames = tuple(_describe(exception))
            self.exc_text = "\n".join(f"  {frame}" for frame in self.frames)
            self.exc_info = None


class JsonFormatter(logging.Formatter):
    """Formats each log record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line of JSON."""
        moment = datetime.fromtimestamp(record.created, UTC)
        entry: dict[str, object] = {
            "time": moment.isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if isinstance(record, CleanRecord) and record.failure:
            entry["failure"] = record.failure
            entry["traceback"] = list(record.frames)
        return json.dumps(entry, ensure_ascii=False)


def init_logs(settings: Settings) -> None:
    """Remove secrets from each log record that this process creates, and choose the log format.

    Raise SettingsError if `settings.log_format` is unknown.
    """
    read_format(settings.log_format)
    logging.setLogRecordFactory(CleanRecord)


def read_format(text: str) -> str:
    """Return `text` unchanged. Raise SettingsError if `text` is not one of FORMATS."""
    if text not in FORMATS:
        choices = " or ".join(FORMATS)
        raise SettingsError(f"FITQUIZ_LOG_FORMAT is {text!r}; write {choices}.")
    return text


def start_logging(settings: Settings) -> None:
    """Log warnings, errors and uncaught exceptions to standard error.

    Only the processes of a server call this function.
    """
    init_logs(settings)

    formatter = logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    if settings.log_format == "json":
        formatter = JsonFormatter()
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)

    sys.excepthook = _log_uncaught
    threading.excepthook = _log_uncaught_elsewhere
    sys.unraisablehook = _log_uncaught_elsewhere


def clean(text: str) -> str:
    """Return the first MAX_CHARACTERS characters of `text` as one line, with secrets replaced."""
    text = text[:MAX_CHARACTERS]
    for pattern, replacement in _REPLACEMENTS:
        text = pattern.sub(replacement, text)
    return text


def _describe(exception: BaseException) -> Iterator[str]:
    """Yield the stack frames and the type of each cause. Then yield those of the exception itself.

    Do not yield source lines or the values of variables, because both may contain secrets.
    """
    chain = [exception]
    cause = _find_cause(exception)
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = _find_cause(cause)

    for each in reversed(chain):
        for frame in extract_tb(each.__traceback__):
            yield f"{frame.filename}:{frame.lineno} in {frame.name}"
        yield _name(each)


def _find_cause(exception: BaseException) -> BaseException | None:
    if exception.__cause__ is not None:
        return exception.__cause__
    if exception.__suppress_context__:
        return None
    return exception.__context__


def _name(exception: BaseException) -> str:
    kind = type(exception)
    return f"{kind.__module__}.{kind.__qualname__}"


def _log_uncaught(
    kind: type[BaseException],
    exception: BaseException | None,
    _trace: TracebackType | None,
) -> None:
    if not issubclass(kind, KeyboardInterrupt):
        _log.critical("uncaught exception", exc_info=exception or kind())


# The annotation is quoted, because `sys.UnraisableHookArgs` does not exist at run time.
def _log_uncaught_elsewhere(
    caught: "threading.ExceptHookArgs | sys.UnraisableHookArgs",
) -> None:
    """Log an uncaught exception of a thread, or an exception that Python cannot raise.

    For example, Python cannot raise an exception that occurs in a destructor.
    """
    _log_uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)
