"""The errors of Terraform: its binary, a configuration, a state or a plan."""

import shlex
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from terraform_harness.errors import CommandError, HarnessError, counted, listed

TERRAFORM_PAGE = "https://developer.hashicorp.com/terraform/install"


class TerraformMissingError(HarnessError):
    """The PATH has no terraform of a supported version."""

    def __init__(self, *, needed: str, found: str | None) -> None:
        state = "is not on the PATH" if found is None else f"on the PATH is version {found}"
        super().__init__(f"Terraform {state}: install version {needed} or newer from {TERRAFORM_PAGE}.")


class TerraformError(CommandError):
    """A terraform command failed."""


class ProviderMissingError(TerraformError):
    """No local mirror has a provider, and the registry cannot be reached."""

    def __init__(self, error: TerraformError, *, provider: str, searched: Sequence[Path]) -> None:
        super().__init__(command=error.command, folder=error.folder, exit_code=error.exit_code, message=error.message)
        text = (
            f"Terraform found no plugin for {provider}: no local mirror has it "
            f"(searched {', '.join(map(str, searched))}) and the registry did not answer. Connect this machine to the "
            "registry, or set TF_PROVIDER_MIRROR to a folder that holds the plugin in Terraform's unpacked layout "
            "(HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/)."
        )
        self.args = (text,)


class ConfigurationError(HarnessError):
    """A folder is not a usable Terraform configuration."""

    def __init__(self, *, folder: Path, reason: str, remedy: str) -> None:
        super().__init__(f"The Terraform configuration in {folder} cannot be used: {reason}. {remedy}")


class BackendError(HarnessError):
    """The configuration overrides the backend of the run."""

    def __init__(self, *, backend: str, state: Path, overriding: Sequence[str]) -> None:
        super().__init__(
            f"Terraform would use the backend '{backend}' instead of the run's own state {state}. Nothing was changed. "
            f"Remove the backend from the override files of the configuration ({', '.join(overriding)})."
        )


class ForeignStateError(HarnessError):
    """A state lists resources that the run did not create.

    Args:
        state: The state file.
        is_own: Whether the run created the state file.
        foreign: The addresses of the resources.
        command: Removes an address from the state.
    """

    def __init__(self, *, state: Path, is_own: bool, foreign: Sequence[str], command: str) -> None:
        count = counted(len(foreign), "resource")
        fact = f"lists {count} that this run did not create" if is_own else f"is not this run's own; it lists {count}"
        remedy = (
            f"Remove {'it' if len(foreign) == 1 else 'them'} from this state, and run the command again: "
            f"{command} {shlex.quote(next(iter(foreign), ''))}"
            if is_own
            else "Move this state to another folder: a run begins with an empty state."
        )
        end = ":" if foreign else "."
        super().__init__(f"The state {state} {fact}{end}{listed(foreign)}\nNothing was changed. {remedy}")


class StateUnreadableError(HarnessError):
    """A state is damaged, for example because a killed process wrote half of it."""

    def __init__(self, *, state: Path, reason: str) -> None:
        super().__init__(
            f"The state {state} cannot be read ({reason}). Restore Terraform's backup of the last state: {state}.backup"
        )


class DriftError(HarnessError):
    """A plan right after apply is not empty."""

    def __init__(self, *, folder: Path, refresh: bool, plan: str) -> None:
        manner = "with" if refresh else "without"
        super().__init__(
            f"A plan right after apply in {folder}, {manner} refresh, would change:\n{indent(plan, '  ')}\n"
            "Change the configuration to match what the target returns, or add the attribute to the fixture "
            "'terraform_known_drift' with a reason."
        )
