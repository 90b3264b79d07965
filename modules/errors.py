"""Errors that stop the program before it synthesizes.

ModulesError
├── NodeMissingError                 Node.js is not installed
├── SettingsError                    an environment variable has a value that is not allowed
└── ConflictingSettingsError         two settings contradict each other, or a setting is missing
    ├── EphemeralProductionError     an ephemeral environment is named like production
    ├── LockedEphemeralBucketError   an ephemeral bucket has an Object Lock
    ├── LockOutlivesRecordError      an Object Lock ends after the retention of the records
    ├── StateMissingError            the setting for the Terraform state is missing
    ├── StateTwiceError              the Terraform state would be in two places
    ├── WriteUnitsMissingError       a provisioned ledger has no limits
    ├── WriteUnitsOnDemandError      an on-demand ledger has a minimum
    └── WriteUnitsReversedError      the minimum of a ledger is above its maximum
"""


class ModulesError(Exception):
    """The base of every error of this package."""


class NodeMissingError(ModulesError):
    """Node.js, which CDKTF needs, is not installed."""

    def __init__(self) -> None:
        super().__init__("CDKTF needs Node.js, and it is not on the PATH. Run 'make setup' to install it.")


class SettingsError(ModulesError):
    """An environment variable has a value that is not allowed, or an entry of a list that is not."""

    def __init__(self, *, variable: str, value: object, allowed: str, is_entry: bool) -> None:
        verb = "has the entry" if is_entry else "is"
        super().__init__(f"{variable} {verb} {value!r}, but must be {allowed}.")


class ConflictingSettingsError(ModulesError):
    """The values are allowed one by one, but not together."""


class EphemeralProductionError(ConflictingSettingsError):
    """The suffix looks like production, and the environment would not be protected."""

    def __init__(self, *, suffix: str) -> None:
        super().__init__(
            f"EPHEMERAL is true, but the suffix '{suffix}' looks like production. An ephemeral environment can be"
            " destroyed together with its ledger. Unset EPHEMERAL, or choose another ENVIRONMENT_SUFFIX."
        )


class LockedEphemeralBucketError(ConflictingSettingsError):
    """The quarantine bucket could not be destroyed."""

    def __init__(self) -> None:
        super().__init__(
            "EPHEMERAL is true, but QUARANTINE_LOCK_DAYS keeps 'terraform destroy' from emptying the quarantine bucket."
            " Unset one of them."
        )


class LockOutlivesRecordError(ConflictingSettingsError):
    """S3 could not delete quarantined records at the end of their retention."""

    def __init__(self, *, lock_days: int, retention_days: int) -> None:
        super().__init__(
            f"QUARANTINE_LOCK_DAYS is {lock_days}, but QUARANTINE_RETENTION_DAYS is {retention_days}: S3 cannot delete"
            f" a locked record. Lower QUARANTINE_LOCK_DAYS to at most {retention_days}, or raise"
            f" QUARANTINE_RETENTION_DAYS to at least {lock_days}."
        )


class StateMissingError(ConflictingSettingsError):
    """The environment is not ephemeral, and its state would be lost with this working copy."""

    def __init__(self) -> None:
        super().__init__(
            "STATE_BUCKET is not set. Set it to the name of an S3 bucket for the Terraform state."
            " Or set LOCAL_STATE=true to keep the state in this working copy."
            " Or set EPHEMERAL=true for an environment without protection against deletion."
        )


class StateTwiceError(ConflictingSettingsError):
    """The state is either in a bucket or in this working copy."""

    def __init__(self, *, bucket: str) -> None:
        super().__init__(f"STATE_BUCKET is '{bucket}', but LOCAL_STATE is true. Unset one of them.")


class WriteUnitsMissingError(ConflictingSettingsError):
    """The capacity of a provisioned ledger is not known."""

    def __init__(self, *, minimum: int | None, maximum: int | None) -> None:
        limits = {"MIN_WRITE_UNITS": minimum, "MAX_WRITE_UNITS": maximum}
        missing = [name for name, units in limits.items() if units is None]
        super().__init__(
            f"LEDGER_MODE is 'provisioned', but {' and '.join(missing)} {'are' if missing[1:] else 'is'} not set."
            " Set both limits, or set LEDGER_MODE=on-demand."
        )


class WriteUnitsOnDemandError(ConflictingSettingsError):
    """An on-demand ledger would have provisioned units."""

    def __init__(self, *, minimum: int) -> None:
        super().__init__(
            f"MIN_WRITE_UNITS is {minimum}, but LEDGER_MODE is 'on-demand', which has no minimum."
            " Unset MIN_WRITE_UNITS, or set LEDGER_MODE=provisioned."
        )


class WriteUnitsReversedError(ConflictingSettingsError):
    """The limits of a provisioned ledger exclude each other."""

    def __init__(self, *, minimum: int, maximum: int) -> None:
        super().__init__(
            f"MIN_WRITE_UNITS is {minimum}, but MAX_WRITE_UNITS is {maximum}. Lower MIN_WRITE_UNITS to at most"
            f" {maximum}, or raise MAX_WRITE_UNITS to at least {minimum}."
        )
