"""What can be wrong before anything is synthesized.

ModulesError
└── SettingsError   a setting that the environment gives is not allowed
"""


class ModulesError(Exception):
    """The base of every error of this package."""


class SettingsError(ModulesError):
    """A setting is not allowed: says which, its value, and what is."""

    def __init__(self, *, variable: str, value: object, allowed: str) -> None:
        super().__init__(f"{variable} is {value!r}, but must be {allowed}.")
