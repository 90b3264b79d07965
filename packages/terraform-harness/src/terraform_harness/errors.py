"""The base class of all errors of the harness, and the errors of its helpers.

HarnessError
├── CommandError                    a command failed
│   ├── SynthesisError              the app that writes the Terraform JSON
│   └── TerraformError              terraform
│       └── ProviderMissingError    a provider plugin is not available
├── EventuallyError                 a condition did not hold in time
├── TemplateError                   an assertion on a template failed
├── TargetError                     a target cannot be used
│   ├── TargetGoneError, EndpointMissingError, EmbeddedMissingError     LocalStack
│   ├── TargetSettingError, CredentialsError, AccountError              AWS
│   ├── UnknownCostError, CostCeilingError                              its cost
│   ├── AccountUnprovenError, RegionUnknownError                        a provider configuration
│   └── WrongTargetError                                                another one than that of the run
├── TerraformMissingError           terraform is not on the PATH, or is too old
├── ConfigurationError              a folder is not a usable configuration
├── BackendError                    the configuration overrides the backend of the run
├── ForeignStateError               a state lists resources that the run did not create
├── StateUnreadableError            a state is damaged
├── DriftError                      a plan right after apply is not empty
├── TakeoverError                   an apply would take over existing resources
├── ReplacementError                an upgrade would delete stateful resources
├── LeftoverError                   resources still exist after destroy
├── StaleDeploymentError            a kept deployment cannot be reused
├── OutputMissingError              a deployment has no such output
└── RunMissingError                 a run does not exist
"""

from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

_LONGEST_LIST = 10


class HarnessError(Exception):
    """The base class: one `except` clause catches every error of the harness."""


class CommandError(HarnessError):
    """A command failed.

    Attributes:
        message: The output of the command.
    """

    def __init__(self, *, command: Sequence[str], folder: Path, exit_code: int, message: str) -> None:
        self.command, self.folder, self.exit_code = tuple(command), folder, exit_code
        self.message = message.strip()
        outcome = f"was stopped by signal {-exit_code}" if exit_code < 0 else f"failed with exit code {exit_code}"
        super().__init__(f"'{' '.join(command)}' {outcome} in {folder}:\n{indent(self.message, '  ')}")


class SynthesisError(CommandError):
    """The app that writes the Terraform JSON failed."""


class EventuallyError(HarnessError):
    """A condition did not hold in time.

    Attributes:
        history: The last values, each with the seconds since the start.
    """

    def __init__(
        self, *, what: str, within: float, attempts: int, history: Sequence[tuple[float, str]], left_out: int = 0
    ) -> None:
        self.history = tuple(history)
        hidden = f"\n  ({counted(left_out, 'earlier value')} not shown)" if left_out else ""
        seen = "".join(f"\n  after {seconds:6.1f} s: {value}" for seconds, value in history)
        super().__init__(
            f"{what}: not within {within:g} s ({counted(attempts, 'attempt')}). Values seen:{hidden}{seen}"
        )


def counted(number: int, noun: str) -> str:
    """Return a number with its noun: `1 resource`, `2 resources`."""
    return f"{number} {noun}{'s' * (number != 1)}"


def listed(items: Sequence[str], *, shown: int | None = _LONGEST_LIST) -> str:
    """Return one indented line for each item, and one that counts the items beyond `shown`."""
    hidden = len(items) - len(items[:shown])
    return "".join(f"\n  {line}" for line in [*items[:shown], *([f"and {hidden} more"] if hidden else [])])
