"""Every sentence that a user can be shown when the input, or an option, cannot be used.

GuardrailsError
├── InputError            the input cannot be read
│   └── HclError          a part of it is HCL
├── SuppressionError      a suppression has no reason, or names no rule
└── UnknownValueError     internal: a rule needs a value that is known after apply only
"""

from collections.abc import Mapping
from pathlib import Path

from terraform_guardrails.terraform.values import Reference, Unknown

_INPUTS = "Give a *.tf.json file, a folder that holds some, or the output of 'terraform show -json'."
_PLANNING = "terraform plan -out=plan && terraform show -json plan > plan.json"


class GuardrailsError(Exception):
    """The base of every error of this package."""


class InputError(GuardrailsError):
    """The input cannot be read."""

    def __init__(self, path: Path, reason: str, remedy: str = _INPUTS) -> None:
        super().__init__(f"{path}: {reason}. {remedy}")


class HclError(InputError):
    """A part of the input is HCL: `unread` has the number of `*.tf` files in each folder."""

    def __init__(self, unread: Mapping[Path, int], *, json_elsewhere: bool) -> None:
        (folder, count), *others = sorted(unread.items())
        files = f"{count} *.tf file{'' if count == 1 else 's'}"
        more = f", and {sum(number for _, number in others)} in other folders," if others else ""
        verb = "is" if count == 1 and not others else "are"
        rest = " and the folders of the *.tf.json files" if json_elsewhere else ""
        super().__init__(
            folder,
            f"{files}{more} {verb} HCL, which is not read",
            f"Make a plan with '{_PLANNING}', and give plan.json{rest}.",
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
