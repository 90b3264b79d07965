"""The errors of a deployment: its run, the review of its plan, and its teardown."""

from collections.abc import Sequence
from pathlib import Path
from textwrap import indent

from terraform_harness.errors import HarnessError, counted, listed
from terraform_harness.targets.errors import TargetError

_NOT_OURS = "The harness deletes only resources with the tag RunId of their run. Delete the others yourself."


class RunMissingError(HarnessError):
    """A run does not exist."""

    def __init__(self, *, run_id: str, known: Sequence[str]) -> None:
        super().__init__(f"Run '{run_id}' does not exist. Runs with leftover resources: {', '.join(known) or 'none'}.")


class OutputMissingError(HarnessError):
    """A deployment has no such output."""

    def __init__(self, *, name: str, known: Sequence[str]) -> None:
        super().__init__(f"The deployment has no output '{name}'; it has {', '.join(sorted(known)) or 'none'}.")


class StaleDeploymentError(HarnessError):
    """A kept deployment cannot be reused."""

    def __init__(self, *, folder: Path, reasons: Sequence[str]) -> None:
        super().__init__(
            f"The deployment kept in {folder} cannot be reused: {'; '.join(reasons)}. "
            f"Tear it down with 'terraform-harness destroy {folder.name}', then deploy again."
        )


class TakeoverError(HarnessError):
    """An apply would take over existing resources."""

    def __init__(self, *, taken: Sequence[str], place: str, suffix: str) -> None:
        super().__init__(
            f"The apply would take over {counted(len(taken), 'resource')} in {place} that existed before this run, "
            f"and destroy would delete {_pronoun(taken)}:{listed(taken)}\nNothing was changed. Give each resource a "
            f"name of this run's own (the fixture 'terraform_run' has a suffix, '{suffix}' here), remove import "
            "blocks, or deploy to an empty target: without AWS_ENDPOINT_URL and --tf-target, the harness starts one."
        )


class ReplacementError(HarnessError):
    """An upgrade would delete stateful resources."""

    def __init__(self, *, lost: Sequence[str]) -> None:
        super().__init__(
            f"The upgrade would delete resources that hold data:\n{indent('\n'.join(lost), '  ')}\nNothing was applied."
            " Add a 'moved' block for each renamed resource, or undo the change that forces the replacement."
        )


class LeftoverError(HarnessError):
    """Resources of a run still exist after destroy; `command` deletes them, if the harness may do so."""

    def __init__(self, *, resources: Sequence[str], command: str | None) -> None:
        self.resources = tuple(resources)
        verb = "exists" if len(resources) == 1 else "exist"
        remedy = f"Delete {_pronoun(resources)} with: {command}" if command else _NOT_OURS
        super().__init__(
            f"{counted(len(resources), 'resource')} still {verb} after destroy:"
            f"{listed(resources, shown=None)}\n{remedy}"
        )


class AccountUnprovenError(TargetError):
    """A provider configuration may use another account than the shell's credentials."""

    def __init__(self, *, provider: str, settings: Sequence[str]) -> None:
        super().__init__(
            f"The provider configuration {provider} sets {', '.join(settings)}, so it may use another account than the "
            "shell's credentials. Nothing was changed. Remove that, or set its allowed_account_ids to accounts in "
            "HARNESS_AWS_ACCOUNTS."
        )


class RegionUnknownError(TargetError):
    """The Region of a provider configuration is not known before apply."""

    def __init__(self, *, provider: str) -> None:
        super().__init__(
            f"The Region of the provider configuration {provider} is not known before apply, so the harness cannot "
            "check which resources exist there. Nothing was changed. Set it to a constant, a variable or a local value."
        )


class WrongTargetError(TargetError):
    """The shell leads to another target than that of the run."""

    def __init__(self, *, run_id: str, place: str | None, shell: str) -> None:
        super().__init__(
            f"Run {run_id} is in {place}, but this shell leads to {shell}. "
            "Set AWS_REGION and the credentials to those of the run, then repeat the command."
        )


def _pronoun(items: Sequence[str]) -> str:
    return "it" if len(items) == 1 else "them"
