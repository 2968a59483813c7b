"""Switches the metrics on if a token is set, and says what is missing if they cannot be had."""

from flask import Flask, current_app

from fitquiz.config.settings import Settings, SettingsError

try:
    from fitquiz.web.monitoring.request_metrics import Metrics
except ModuleNotFoundError:  # The library is an extra. Without it there are no metrics.
    Metrics = None  # type: ignore[assignment,misc]  # the module is absent, and None says so

FEWEST_CHARACTERS = 32


def init_metrics(app: Flask, settings: Settings) -> None:
    """Count if a token is set; raise SettingsError with a sentence if it is too short, or the library is missing."""
    app.extensions["fitquiz_metrics"] = None
    token = read_token(settings.metrics_token)
    if not token:
        return
    metrics = app.extensions["fitquiz_metrics"] = Metrics(token)
    app.before_request(metrics.begin)
    app.after_request(metrics.note)
    app.teardown_request(metrics.end)


def read_token(token: str) -> str:
    """Return the token, which may be none, if it is hard to guess and there is what counts."""
    if not token:
        return token
    if (
        len(token) < FEWEST_CHARACTERS
        or not token.isascii()
        or not token.isprintable()
        or " " in token
    ):
        raise SettingsError(
            f"FITQUIZ_METRICS_TOKEN needs {FEWEST_CHARACTERS} plain characters or more, without spaces."
        )
    if Metrics is None:
        raise SettingsError(
            "FITQUIZ_METRICS_TOKEN is set, and metrics need a library; install fitquiz[metrics]."
        )
    return token


# The annotation is quoted: Python would evaluate it, and without the library Metrics is None.
def get_metrics() -> "Metrics | None":
    """Return the counters; None if they are off."""
    metrics: Metrics | None = current_app.extensions["fitquiz_metrics"]
    return metrics
