"""What can go wrong in the demo itself.

HarnessError
├── FunctionDidNotFailError  the function took an event that is no Kinesis batch
└── UnaccountedError         records are nowhere
"""

from collections.abc import Sequence

from terraform_harness.errors import HarnessError


class FunctionDidNotFailError(HarnessError):
    """The function answered an event that it cannot work on as if all were well."""

    def __init__(self, *, function: str, answer: str) -> None:
        """Show the answer."""
        super().__init__(f"Function {function} was given an event that is no Kinesis batch and answered {answer}.")


class UnaccountedError(HarnessError):
    """Records were sent and are nowhere."""

    def __init__(self, *, transaction_ids: Sequence[str]) -> None:
        """Name each one."""
        names = ", ".join(transaction_ids)
        super().__init__(f"{len(transaction_ids)} records are unaccounted for: {names}.")
