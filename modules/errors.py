"""Errors that stop the program before it synthesizes.

ModulesError
├── NodeMissingError                 Node.js is not installed
├── SettingsError                    an environment variable has a value that is not allowed
└── ConflictingSettingsError         two settings contradict each other, or a setting is missing
    ├── EphemeralProductionError     an ephemeral environment is named like production
    ├── LockedEphemeralBucketError   an ephemeral bucket has an Object Lock
    ├── StateMissingError            the setting for the Terraform state is missing
    └── StateTwiceError              the Terraform state would be in two places
"""


class ModulesError(Exception):
    """The base of every error of this package."""


class NodeMissingError(ModulesError):
    """Node.js, which CDKTF needs, is not installed."""

    def __init__(self) -> None:
        super().__init__("CDKTF needs Node.js, and it is not on the PATH. Run 'make setup' to install it.")


class SettingsError(ModulesError):
    """An environment variable has a value that is not allowed."""

    def __init__(self, *, variable: str, value: object, allowed: str) -> None:
        super().__init__(f"{variable} is {value!r}, but must be {allowed}.")


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
