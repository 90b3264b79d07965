"""The errors of this package, with every message that a user can see.

GuardrailsError
├── InputError            the input cannot be read
│   └── HclError          a part of the input is HCL
├── SuppressionError      a suppression has no reason, or names an unknown rule
└── UnknownValueError     internal: a rule needs a value that is known only after apply
"""

from collections.abc import Mapping
from pathlib import Path

from terraform_guardrails.terraform.values import Reference, Unknown

_INPUTS = "Pass a *.tf.json file, a folder with such files, or the output of 'terraform show -json'."
_PLAN = "terraform plan -out=plan && terraform show -json plan > plan.json"
_OPTION = "Write RULE@ADDRESS: REASON."


class GuardrailsError(Exception):
    """The base class of all errors of this package."""


class InputError(GuardrailsError):
    """The input cannot be read."""

    def __init__(self, path: Path, reason: str, remedy: str = _INPUTS) -> None:
        super().__init__(f"{path}: {reason}. {remedy}")


class HclError(InputError):
    """A part of the input is HCL; `unread` maps each folder to its number of `*.tf` files."""

    def __init__(self, unread: Mapping[Path, int], *, json_elsewhere: bool) -> None:
        (folder, count), *others = sorted(unread.items())
        files = f"{count} *.tf file{'' if count == 1 else 's'}"
        more = f" here and {sum(number for _, number in others)} in other folders" if others else ""
        verb = "is" if count == 1 and not others else "are"
        rest = " and the folders with *.tf.json files" if json_elsewhere else ""
        super().__init__(
            folder,
            f"{files}{more} {verb} HCL, which is not supported",
            f"Create a plan with '{_PLAN}', then pass plan.json{rest}.",
        )


class SuppressionError(GuardrailsError):
    """A suppression cannot be used."""

    def __init__(self, text: str, reason: str, remedy: str = _OPTION) -> None:
        super().__init__(f"suppression {text!r}: {reason}. {remedy}")


class UnknownValueError(GuardrailsError):
    """A rule needs a value that is known only after apply, so its check is inconclusive."""

    def __init__(self, value: object) -> None:
        name = str(value)[2:-1] if isinstance(value, Reference | Unknown) else value
        super().__init__(f"{name} is not known before apply")
