"""A stack that was deployed for a while: applied, offered, destroyed, and looked for afterwards."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from harness.errors import EventuallyError, LeftoverError, OutputMissingError, TerraformError
from harness.inventory import Resource, left_of
from harness.processes import nothing
from harness.runs import Run
from harness.sweep import end_command, sweep
from harness.targets import Target
from harness.terraform import Progress, Terraform
from harness.waiting import eventually

TERRAFORM = "terraform"
_AFTER_APPLY = "after-apply.json"
# AWS lists what was deleted for a while.
_LISTED_SECONDS = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """What a test may use of a deployed stack."""

    run: Run
    target: Target
    terraform: Terraform
    outputs: dict[str, Any]

    @property
    def first_look(self) -> Any:  # noqa: ANN401 - whatever the project's fixture of that name returned
        """What the project's fixture `first_look` saw right after apply, before any test."""
        return self._remembered()["first_look"]

    @property
    def gaps_seen(self) -> Sequence[str]:
        """The reasons of the known gaps that the plans after apply showed."""
        seen: list[str] = self._remembered()["gaps_seen"]
        return seen

    def remember(self, *, first_look: object, gaps_seen: Sequence[str]) -> None:
        """Keep what was seen right after apply, for this session and for those that reuse the deployment."""
        seen = {"first_look": first_look, "gaps_seen": gaps_seen}
        (self.run.folder / _AFTER_APPLY).write_text(json.dumps(seen))

    def _remembered(self) -> dict[str, Any]:
        seen: dict[str, Any] = json.loads((self.run.folder / _AFTER_APPLY).read_text())
        return seen

    def output(self, name: str) -> Any:  # noqa: ANN401 - outputs have any type
        """The value of an output.

        Raises:
            OutputMissingError: The stack has no such output.
        """
        if name not in self.outputs:
            raise OutputMissingError(name=name, known=tuple(self.outputs))
        return self.outputs[name]


def terraform_of(run: Run, target: Target, on_progress: Callable[[Progress], None] = nothing) -> Terraform:
    """Terraform in a run's own folder, where state and logs lie beside the copy of the configuration."""
    return Terraform(
        run.folder / TERRAFORM,
        target.environment,
        cache=run.folder.parent / "plugins",
        on_progress=on_progress,
        check=target.check,
    )


@contextmanager
def deployed(  # noqa: PLR0913 - what to deploy, where, and the ways to watch it
    configuration: Path,
    run: Run,
    target: Target,
    *,
    on_progress: Callable[[Progress], None] = nothing,
    on_failure: Callable[[Deployment], None] = nothing,
    keep: bool = False,
) -> Iterator[Deployment]:
    """Apply a configuration, and destroy it however the block ends: also if apply fails or is interrupted.

    Args:
        configuration: A folder with `*.tf.json`.
        run: Owns the copy of the configuration, the state and the logs.
        target: Where to.
        on_progress: Called for each resource.
        on_failure: Called when apply or the block failed, while what was deployed is still there to be looked at.
        keep: Leave the stack where it is, if all went well.

    Raises:
        TerraformError: A command failed.
        LeftoverError: Something is left after destroy; the run's folder is kept.
    """
    shutil.copytree(configuration, run.folder / TERRAFORM, dirs_exist_ok=True)
    terraform = terraform_of(run, target, on_progress)
    # Before apply there is nothing to destroy; from here on, whatever happens, there may be.
    terraform.init()
    run = run.applying()
    try:
        terraform.apply()
        yield Deployment(run=run, target=target, terraform=terraform, outputs=terraform.outputs())
    except BaseException as first:
        try:
            if isinstance(first, Exception):
                on_failure(Deployment(run=run, target=target, terraform=terraform, outputs={}))
            tear_down(terraform, run, target, unrecorded=True)
        except Exception as second:  # noqa: BLE001 - whatever it is, the first error is the one to see
            first.add_note(f"Then the tear-down failed too: {second}")
            first.add_note(f"End what is left with: {end_command(run, target)}")
        raise
    if keep:
        return
    try:
        tear_down(terraform, run, target)
    except KeyboardInterrupt:
        # Half a stack is of no use to anybody: the first interrupt only says that nothing else is to follow.
        tear_down(terraform, run, target, unrecorded=True)
        raise


def attached(run: Run, target: Target) -> Deployment:
    """A stack that an earlier process deployed and kept."""
    terraform = terraform_of(run, target)
    return Deployment(run=run, target=target, terraform=terraform, outputs=terraform.outputs())


def tear_down(terraform: Terraform, run: Run, target: Target, *, unrecorded: bool = False) -> None:
    """Destroy, and prove by the target's own APIs that nothing is left.

    Args:
        terraform: Has the state.
        run: Whose resources are looked for.
        target: Where.
        unrecorded: An apply that was cut short may have made what the state does not know of: it is deleted too.

    Raises:
        LeftoverError: Something is left.
    """
    target.check()
    try:
        terraform.destroy()
    except TerraformError as error:
        if not unrecorded:
            error.add_note(f"End what is left with: {end_command(run, target)}")
            raise
        # What terraform cannot read any more it cannot destroy either; the target's own APIs can.
        sweep(run, target)
        run.settle()
        return
    if unrecorded:
        sweep(run, target)
    left = [*terraform.state_addresses(), *map(str, _still_listed(run, target))]
    if left:
        raise LeftoverError(resources=left, command=end_command(run, target))
    run.settle()


def _still_listed(run: Run, target: Target) -> Sequence[Resource]:
    """What the target lists of a run, after the time that its lists take to settle."""
    try:
        return eventually(
            lambda: left_of(run, target),
            until=lambda left: not left,
            what="nothing is left",
            within=target.budget(localstack=0, aws=_LISTED_SECONDS),
        )
    except EventuallyError:
        return left_of(run, target)
