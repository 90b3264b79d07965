"""Every sentence that the harness can say when it stops.

HarnessError
├── TerraformMissingError      no terraform on the PATH, or one too old
├── TerraformError             a terraform command failed
│   └── ProviderMissingError   terraform found no provider plugin anywhere
├── ConfigurationError         a folder is not a Terraform configuration
├── BackendError               Terraform would use another backend than the run's own state
├── ForeignStateError          a state lists what the run did not create
├── StateUnreadableError       a state is not JSON
├── TakeoverError              an apply would take over what existed before
├── DriftError             a plan right after apply would change something
├── ReplacementError           an upgrade would delete what holds data
├── EventuallyError            a condition did not come true in time
├── SynthesisError             the app that writes the Terraform JSON failed
├── OutputMissingError         a deployment lacks an output that a caller asked for
├── RunMissingError            there is no run of that name
├── LeftoverError              resources were left after destroy
├── StaleDeploymentError       a kept deployment does not fit what would be deployed now
├── KeptRunMissingError        nothing was kept that could be used again
└── TargetError                the target is not one to deploy to
    ├── TargetGoneError        a LocalStack no longer answers
    ├── EndpointMissingError   a command was not told which LocalStack
    ├── TargetSettingError     AWS is only deployed to with an account, a region and an end
    ├── CredentialsError       AWS does not take the shell's credentials
    ├── AccountError           the account is not on the list
    ├── AccountUnprovenError   a provider configuration may lead to another account
    ├── PlaceError             a run is somewhere else than the shell leads to
    ├── RegionUnknownError     the Region of a provider configuration is not known before apply
    ├── UnknownCostError       a ceiling of cost is set for a stack whose cost nobody told
    └── CostCeilingError       the run could cost more than it may
"""

import shlex
from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

_BY_HAND = "The harness deletes only what carries the tag RunId of its run: delete the rest by hand."
_SHOWN = 10
TERRAFORM_PAGE = "https://developer.hashicorp.com/terraform/install"


class HarnessError(Exception):
    """What all errors of the harness have in common."""


class TerraformMissingError(HarnessError):
    """No usable terraform was found."""

    def __init__(self, *, needed: str, found: str | None) -> None:
        """Say what was found and where a fitting one comes from."""
        have = "is not on the PATH" if found is None else f"on the PATH is version {found}"
        super().__init__(f"Terraform {have}: install version {needed} or newer from {TERRAFORM_PAGE}.")


class TerraformError(HarnessError):
    """A terraform command ended with an error."""

    def __init__(self, *, command: Sequence[str], folder: Path, exit_code: int, message: str) -> None:
        """Keep the facts apart, for callers that look at one of them."""
        self.command = tuple(command)
        self.folder = folder
        self.exit_code = exit_code
        self.message = message.strip()
        ended = f"was ended by signal {-exit_code}" if exit_code < 0 else f"failed with exit code {exit_code}"
        super().__init__(f"'{' '.join(command)}' {ended} in {folder}:\n{indent(self.message, '  ')}")


class ProviderMissingError(TerraformError):
    """Neither a local mirror nor the registry has the provider."""

    def __init__(self, error: TerraformError, *, provider: str, searched: Sequence[Path]) -> None:
        """Name the provider, the folders that were looked into, and the two ways out."""
        self.provider = provider
        super().__init__(command=error.command, folder=error.folder, exit_code=error.exit_code, message=error.message)
        places = ", ".join(str(path) for path in searched)
        sentence = (
            f"Terraform found no plugin for {provider}: no local mirror has it (searched {places}) and the registry "
            f"did not answer. Connect this machine to the registry, or set TF_PROVIDER_MIRROR to a folder that holds "
            f"the plugin in Terraform's unpacked layout (HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/)."
        )
        self.args = (sentence,)


class ConfigurationError(HarnessError):
    """A folder is not a Terraform configuration."""

    def __init__(self, *, folder: Path, reason: str, remedy: str) -> None:
        """Name the folder, the reason and the remedy."""
        super().__init__(f"The Terraform configuration in {folder} cannot be used: {reason}. {remedy}")


class BackendError(HarnessError):
    """Terraform would use another backend than the run's own state."""

    def __init__(self, *, backend: str, state: Path, overriding: Sequence[str]) -> None:
        """Name the backend, and the files that may have chosen it."""
        super().__init__(
            f"Terraform would use the backend '{backend}' instead of the run's own state {state}. Nothing was changed. "
            f"Remove the backend from the override files of the configuration ({', '.join(overriding)})."
        )


class ForeignStateError(HarnessError):
    """A state lists what the run did not create."""

    def __init__(self, *, state: Path, is_own: bool, foreign: Sequence[str], command: str) -> None:
        """Count the resources, name the first of them and the state; the command removes one from the state."""
        count = f"{len(foreign)} resource{'s' * (len(foreign) != 1)}"
        whose = f"lists {count} that this run did not create" if is_own else f"is not this run's own; it lists {count}"
        remedy = (
            f"Remove {'it' if len(foreign) == 1 else 'them'} from this state, and run the command again: "
            f"{command} {shlex.quote(next(iter(foreign), ''))}"
            if is_own
            else "Move this state to another folder: a run begins with an empty state."
        )
        listed = _listed(foreign)
        super().__init__(f"The state {state} {whose}{':' if foreign else '.'}{listed}\nNothing was changed. {remedy}")


class StateUnreadableError(HarnessError):
    """A state is not JSON: a process that was killed has written half of it."""

    def __init__(self, *, state: Path, reason: str) -> None:
        """Name the state, and the copy that Terraform keeps of the one before."""
        super().__init__(
            f"The state {state} cannot be read ({reason}); Terraform's copy of the last one is {state}.backup"
        )


class TakeoverError(HarnessError):
    """An apply would take over what existed before."""

    def __init__(self, *, taken: Sequence[str], place: str, suffix: str) -> None:
        """Name each resource and why, and the ways out."""
        count = f"{len(taken)} resource{'s' * (len(taken) != 1)}"
        super().__init__(
            f"The apply would take over {count} in {place} that existed before this run, and destroy would delete "
            f"{'it' if len(taken) == 1 else 'them'}:{_listed(taken)}\nNothing was changed. Give each resource a name "
            f"of this run's own (the fixture 'run' has a suffix, '{suffix}' here), remove import blocks, or deploy to "
            "an empty target: without AWS_ENDPOINT_URL and --target, the harness starts one."
        )


class SynthesisError(HarnessError):
    """The app that writes the Terraform JSON failed."""

    def __init__(self, *, command: Sequence[str], folder: Path, exit_code: int, message: str) -> None:
        """Show what the app said."""
        self.exit_code = exit_code
        super().__init__(
            f"'{' '.join(command)}' failed with exit code {exit_code} in {folder}:\n{indent(message.strip(), '  ')}"
        )


class DriftError(HarnessError):
    """A plan right after apply would change something."""

    def __init__(self, *, folder: Path, refresh: bool, plan: str) -> None:
        """Show each attribute, and where to look further."""
        manner = "with" if refresh else "without"
        super().__init__(
            f"A plan right after apply in {folder}, {manner} refresh, would change:\n{indent(plan, '  ')}\n"
            f"Make the configuration say what the target answers, or name the difference as a gap with its reason."
        )


class ReplacementError(HarnessError):
    """An upgrade would delete what holds data."""

    def __init__(self, *, lost: Sequence[str]) -> None:
        """Name each resource."""
        super().__init__(
            f"The upgrade would delete what holds data:\n{indent('\n'.join(lost), '  ')}\n"
            "Nothing was applied. Give what was moved a 'moved' block, or leave what forces a replacement as it was."
        )


class EventuallyError(HarnessError):
    """A condition did not come true in time."""

    def __init__(
        self, *, what: str, within: float, attempts: int, history: Sequence[tuple[float, str]], left_out: int = 0
    ) -> None:
        """Show the last value and how it came about."""
        self.history = tuple(history)
        earlier = (
            f"\n  ({left_out} earlier {'value is' if left_out == 1 else 'values are'} left out)" if left_out else ""
        )
        seen = "".join(f"\n  after {seconds:6.1f} s: {value}" for seconds, value in history)
        super().__init__(f"{what}: not within {within:g} s ({attempts} attempts). Seen:{earlier}{seen}")


class OutputMissingError(HarnessError):
    """A deployment has no such output."""

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        """List what there is."""
        super().__init__(f"The deployment has no output '{name}'; it has {', '.join(sorted(known)) or 'none'}.")


class RunMissingError(HarnessError):
    """There is no run of that name."""

    def __init__(self, *, run_id: str, known: Sequence[str]) -> None:
        """List those that there are."""
        super().__init__(f"There is no run '{run_id}'. Runs that left something: {', '.join(known) or 'none'}.")


class LeftoverError(HarnessError):
    """Resources of a run were left after destroy."""

    def __init__(self, *, resources: Sequence[str], command: str | None) -> None:
        """Name each one, and the command that deletes them if there is one."""
        self.resources = tuple(resources)
        are = "resource is" if len(resources) == 1 else "resources are"
        super().__init__(
            f"{len(resources)} {are} left after destroy:{_listed(resources, shown=None)}\n"
            + (f"Delete {'it' if len(resources) == 1 else 'them'} with: {command}" if command else _BY_HAND)
        )


class StaleDeploymentError(HarnessError):
    """A kept deployment does not fit what would be deployed now."""

    def __init__(self, *, folder: Path, reasons: Sequence[str]) -> None:
        """Say what differs and how to get rid of the old one."""
        super().__init__(
            f"The deployment kept in {folder} cannot be reused: {'; '.join(reasons)}. "
            f"End it with 'terraform-harness destroy {folder.name}', then deploy again."
        )


class KeptRunMissingError(HarnessError):
    """Nothing was kept that could be used again."""

    def __init__(self) -> None:
        """Say how to keep something."""
        super().__init__("No deployment was kept. Make one with 'pytest --stage deploy', or use --reuse, which does.")


class TargetError(HarnessError):
    """The target is not one to deploy to."""


class TargetGoneError(TargetError):
    """A LocalStack no longer answers."""

    def __init__(self, *, endpoint: str | None) -> None:
        """Name the address."""
        super().__init__(f"The LocalStack at {endpoint} does not answer. Start it again, or unset AWS_ENDPOINT_URL.")


class EndpointMissingError(TargetError):
    """A command that needs a LocalStack was not told which one."""

    def __init__(self) -> None:
        """Name the variable."""
        super().__init__("Which LocalStack? Set AWS_ENDPOINT_URL to its address, or use --target aws.")


class TargetSettingError(TargetError):
    """AWS is only deployed to with an account, a region and an end."""

    def __init__(self, *, variable: str, meaning: str) -> None:
        """Name the variable that is missing or wrong, and what it is for."""
        super().__init__(f"--target aws needs {variable} in the environment: {meaning}.")


class CredentialsError(TargetError):
    """AWS does not take the shell's credentials."""

    def __init__(self, *, reason: str) -> None:
        """Pass on what AWS or its client says."""
        super().__init__(f"AWS does not tell whose credentials these are: {reason}")


class PlaceError(TargetError):
    """A run is somewhere else than the shell leads to."""

    def __init__(self, *, run_id: str, place: str | None, shell: str) -> None:
        """Name both places."""
        super().__init__(
            f"Run {run_id} is in {place}, and this shell leads to {shell}. "
            "Set AWS_REGION and the credentials to the run's own, and say it again."
        )


class AccountError(TargetError):
    """The account is not on the list."""

    def __init__(self, *, account: str, allowed: Sequence[str]) -> None:
        """Name the account that the credentials lead to, and the list."""
        super().__init__(
            f"These credentials lead to account {account}, and HARNESS_AWS_ACCOUNTS allows {', '.join(allowed)} only."
        )


class AccountUnprovenError(TargetError):
    """A provider configuration may lead to another account than the shell's credentials do."""

    def __init__(self, *, provider: str, settings: Sequence[str]) -> None:
        """Name the provider configuration and its settings."""
        super().__init__(
            f"The provider configuration {provider} sets {', '.join(settings)}, so it may lead to another account than "
            "the shell's credentials do. Nothing was changed. Remove that, or set its allowed_account_ids to accounts "
            "in HARNESS_AWS_ACCOUNTS."
        )


class RegionUnknownError(TargetError):
    """The Region of a provider configuration is not known before apply."""

    def __init__(self, *, provider: str) -> None:
        """Name the provider configuration."""
        super().__init__(
            f"The Region of the provider configuration {provider} is not known before apply, so the harness cannot "
            "tell what exists there already. Nothing was changed. Set it to a constant, a variable or a local value."
        )


class UnknownCostError(TargetError):
    """A ceiling of cost is set for a stack whose cost nobody told."""

    def __init__(self) -> None:
        """Name the fixture that tells it."""
        super().__init__(
            "HARNESS_MAX_DOLLARS is set, and what the stack costs is not known: "
            "override the session fixture 'hourly_dollars', or unset HARNESS_MAX_DOLLARS."
        )


class CostCeilingError(TargetError):
    """The run could cost more than it may."""

    def __init__(self, *, dollars: float, ceiling: float, hours: float) -> None:
        """Show the sum."""
        super().__init__(
            f"The stack could cost ${dollars:.2f} in the {hours:g} hours that the run may last, and "
            f"HARNESS_MAX_DOLLARS is {ceiling:.2f}. Raise it, or shorten HARNESS_LIFETIME_MINUTES."
        )


def _listed(items: Sequence[str], *, shown: int | None = _SHOWN) -> str:
    """One line for each item, and one for those that are not shown."""
    more = len(items) - len(items[:shown])
    return "".join(f"\n  {line}" for line in [*items[:shown], *([f"and {more} more"] if more else [])])
