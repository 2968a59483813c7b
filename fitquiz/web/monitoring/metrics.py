"""Switches the metrics on if a token is set. The library that counts is optional."""

from flask import Flask, current_app

from fitquiz.config.settings import Settings, SettingsError

try:
    from fitquiz.web.monitoring.request_metrics import Metrics
except ModuleNotFoundError:  # prometheus_client is not installed.
    Metrics = None  # type: ignore[assignment,misc]  # the code below tests for None

MIN_TOKEN_CHARACTERS = 32


def init_metrics(app: Flask, settings: Settings) -> None:
    """Count requests if a token is set.

    Raise SettingsError for a bad token, or if the library is not installed.
    """
    app.extensions["fitquiz_metrics"] = None
    token = read_token(settings.metrics_token)
    if not token:
        return

    metrics = Metrics(token)
    app.extensions["fitquiz_metrics"] = metrics
    app.before_request(metrics.begin)
    app.after_request(metrics.note)
    app.teardown_request(metrics.end)


def read_token(token: str) -> str:
    """Return the token; an empty one turns metrics off.

    Raise SettingsError for a token that is easy to guess.
    """
    if not token:
        return token

    is_plain = token.isascii() and token.isprintable() and " " not in token
    if len(token) < MIN_TOKEN_CHARACTERS or not is_plain:
        raise SettingsError(
            f"FITQUIZ_METRICS_TOKEN needs at least {MIN_TOKEN_CHARACTERS} ASCII characters "
            "and no spaces."
        )

    if Metrics is None:
        raise SettingsError(
            "FITQUIZ_METRICS_TOKEN is set, but metrics need an optional library; "
            "install fitquiz[metrics]."
        )
    return token


# The annotation is quoted: without the library, Metrics is None and cannot be part of a union.
def get_metrics() -> "Metrics | None":
    """Return the counters, or None if metrics are off."""
    metrics: Metrics | None = current_app.extensions["fitquiz_metrics"]
    return metrics
