"""The instance folder: of the database, unless that lies elsewhere, and of the secret key; for its owner alone."""

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.store.engine.database import Database, open_database


def make_instance(settings: Settings) -> None:
    """Make the folder if it is not there; raise SettingsError with a sentence if that cannot be."""
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise tell_unusable(settings, error) from error


def tell_unusable(settings: Settings, error: OSError) -> SettingsError:
    """Return the sentence about a folder in which something cannot be done."""
    return SettingsError(
        f"The folder {settings.instance} cannot be used ({error.strerror}); mend that, or set FITQUIZ_INSTANCE."
    )


def open_to_write(settings: Settings) -> Database:
    """Return the database; one in the instance folder may be the first thing there, in a folder elsewhere it may not.

    A folder that somebody has named, and mistyped perhaps, is told and not made.
    """
    database = open_database(settings.database_url)
    if database.lock_file and database.lock_file.parent == settings.instance:
        make_instance(settings)
    return database
