"""The settings of one deployment, read from environment variables and checked."""

from typing import Self

from pydantic import ValidationError, model_validator
from pydantic_settings import SettingsConfigDict

from modules.errors import (
    EphemeralProductionError,
    LockedEphemeralBucketError,
    LockOutlivesRecordError,
    SettingsError,
    StateMissingError,
    StateTwiceError,
    WriteUnitsMissingError,
    WriteUnitsOnDemandError,
    WriteUnitsReversedError,
)
from modules.settings.environment import EnvironmentSettings
from modules.settings.monitoring import MonitoringSettings
from modules.settings.network import NetworkSettings
from modules.settings.processor import ProcessorSettings
from modules.settings.storage import StorageSettings

__all__ = ["Settings"]


# pydantic takes the fields of the last base first.
class Settings(MonitoringSettings, NetworkSettings, ProcessorSettings, StorageSettings, EnvironmentSettings):
    """The settings. Each field is read from the environment variable of its name in capitals.

    A field's title says which values are allowed, and its description says what it decides. Error messages and
    docs/settings.md use both.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_ignore_empty=False)

    @model_validator(mode="after")
    def _lifetime_and_state(self) -> Self:
        if self.ephemeral and self.looks_like_production:
            raise EphemeralProductionError(suffix=self.environment_suffix)
        if self.ephemeral and self.quarantine_lock_days is not None:
            raise LockedEphemeralBucketError
        lock_days, retention_days = self.quarantine_lock_days, self.quarantine_retention_days
        if lock_days is not None and retention_days is not None and lock_days > retention_days:
            raise LockOutlivesRecordError(lock_days=lock_days, retention_days=retention_days)
        if self.local_state and self.state_bucket is not None:
            raise StateTwiceError(bucket=self.state_bucket)
        if not (self.ephemeral or self.local_state or self.state_bucket):
            raise StateMissingError
        return self

    @model_validator(mode="after")
    def _ledger_capacity(self) -> Self:
        minimum, maximum = self.min_write_units, self.max_write_units
        if self.ledger_mode == "provisioned":
            if minimum is None or maximum is None:
                raise WriteUnitsMissingError(minimum=minimum, maximum=maximum)
            if minimum > maximum:
                raise WriteUnitsReversedError(minimum=minimum, maximum=maximum)
        elif minimum is not None:
            raise WriteUnitsOnDemandError(minimum=minimum)
        return self

    @classmethod
    def from_environment(cls) -> Self:
        """Read the settings.

        Raises:
            ModulesError: A variable has a value that is not allowed, or two settings contradict each other.
        """
        try:
            return cls()
        except ValidationError as invalid:
            first = invalid.errors(include_url=False)[0]
            name, *position = first["loc"]
            raise SettingsError(
                variable=str(name).upper(),
                value=first["input"],
                allowed=str(cls.model_fields[str(name)].title),
                is_entry=bool(position),
            ) from invalid
