"""What can be wrong before anything is synthesized.

ModulesError
├── NodeMissingError   CDKTF has no Node.js to run on
└── SettingsError      a setting that the environment gives is not allowed
"""


class ModulesError(Exception):
    """The base of every error of this package."""


class NodeMissingError(ModulesError):
    """CDKTF needs Node.js, and there is none."""

    def __init__(self) -> None:
        super().__init__("CDKTF runs on Node.js, and none is on the PATH: run 'make setup', which installs one.")


class SettingsError(ModulesError):
    """A setting is not allowed: says which, its value, and what is."""

    def __init__(self, *, variable: str, value: object, allowed: str) -> None:
        super().__init__(f"{variable} is {value!r}, but must be {allowed}.")
