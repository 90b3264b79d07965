"""Errors that stop the program before it synthesizes.

ModulesError
├── NodeMissingError   Node.js is not installed
└── SettingsError      an environment variable has a value that is not allowed
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
