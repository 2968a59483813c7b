"""Creates the instance folder, which contains the secret key and, by default, the database.

Only the owner may open the created folder.
"""

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.store.engine.database import Database, open_database


def make_instance(settings: Settings) -> None:
    """Create the instance folder if it does not exist.

    Raise SettingsError if the folder cannot be created.
    """
    try:
        settings.instance.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise make_unusable_error(settings, error) from error


def make_unusable_error(settings: Settings, error: OSError) -> SettingsError:
    """Return the error for an instance folder that cannot be read or written."""
    return SettingsError(
        f"The folder {settings.instance} cannot be used ({error.strerror}); "
        "correct its path or permissions, or set FITQUIZ_INSTANCE."
    )


def open_to_write(settings: Settings) -> Database:
    """Return the database. Create the instance folder if the database file belongs in that folder.

    If the database file belongs in another folder, do not create the other folder. After a typing
    error in FITQUIZ_DATABASE_URL, the new folder would contain an empty database.
    """
    database = open_database(settings.database_url)
    lock_file = database.lock_file
    if lock_file and lock_file.parent == settings.instance:
        make_instance(settings)
    return database
