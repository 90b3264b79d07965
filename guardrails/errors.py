"""Every sentence that a user can be shown when the input, or an option, cannot be used.

GuardrailsError
├── InputError            the input cannot be read
├── SuppressionError      a suppression has no reason, or names no rule
└── UnknownValueError     internal: a rule needs a value that is known after apply only
"""

from pathlib import Path

from guardrails.values import Reference, Unknown


class GuardrailsError(Exception):
    """The base of every error of this package."""


class InputError(GuardrailsError):
    """The input cannot be read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(
            f"{path}: {reason}. "
            "Give a *.tf.json file, a folder that holds some, or the output of 'terraform show -json'."
        )


class SuppressionError(GuardrailsError):
    """A suppression cannot be used."""

    def __init__(self, text: str, reason: str) -> None:
        super().__init__(f"suppression {text!r}: {reason}. Write RULE@ADDRESS: REASON.")


class UnknownValueError(GuardrailsError):
    """A value is known after apply only, so whoever needs it must not judge."""

    def __init__(self, what: object) -> None:
        name = str(what)[2:-1] if isinstance(what, Reference | Unknown) else what
        super().__init__(f"{name} is not known before apply")
