"""Turns the metrics on if the setting FITQUIZ_METRICS_TOKEN contains a token.

Metrics need the optional library prometheus_client.
"""

from flask import Flask, current_app

from fitquiz.config.settings import Settings, SettingsError

try:
    from fitquiz.web.monitoring.request_metrics import Metrics
except ImportError:  # The library is missing, or lacks an imported name.
    Metrics = None  # type: ignore[assignment,misc]  # read_token tests for None

MIN_TOKEN_CHARACTERS = 32


def init_metrics(app: Flask, settings: Settings) -> None:
    """Make the app count requests if the settings contain a token.

    Raise SettingsError if `read_token` refuses the token.
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
    """Return the token. An empty token turns metrics off.

    Raise SettingsError if a token is shorter than MIN_TOKEN_CHARACTERS. Raise SettingsError if a
    token contains a character that is not visible ASCII. Also raise SettingsError for a token if
    the library prometheus_client is not installed.
    """
    if not token:
        return token

    is_plain = token.isascii() and token.isprintable() and " " not in token
    if len(token) < MIN_TOKEN_CHARACTERS or not is_plain:
        raise SettingsError(
            f"FITQUIZ_METRICS_TOKEN needs at least {MIN_TOKEN_CHARACTERS} ASCII characters "
            "and must not contain spaces."
        )

    if Metrics is None:
        raise SettingsError(
            "FITQUIZ_METRICS_TOKEN is set, but metrics need an optional library. "
            "Install fitquiz[metrics]."
        )
    return token


# The annotation is a string because Metrics is None without the library. Python cannot evaluate
# `None | None`.
def get_metrics() -> "Metrics | None":
    """Return the app's counters, or None if metrics are off."""
    metrics: Metrics | None = current_app.extensions["fitquiz_metrics"]
    return metrics
