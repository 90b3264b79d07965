"""What the deployment tells the function, by environment variables."""

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import SettingMissingError


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The places where records go; the owner is the account that the bucket must belong to."""

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
