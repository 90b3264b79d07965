"""The settings of the function, from its environment variables."""

from collections.abc import Mapping
from typing import NamedTuple

from .errors import SettingMissingError


class Settings(NamedTuple):
    """The names of the table and the bucket, and the account that must own the bucket."""

    ledger_table: str
    quarantine_bucket: str
    quarantine_owner: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings.

    Raises:
        SettingMissingError: A variable is missing or empty.
    """
    names = ("LEDGER_TABLE", "QUARANTINE_BUCKET", "QUARANTINE_OWNER")
    missing = [name for name in names if not environment.get(name)]
    if missing:
        raise SettingMissingError(missing)
    return Settings(**{name.lower(): environment[name] for name in names})
