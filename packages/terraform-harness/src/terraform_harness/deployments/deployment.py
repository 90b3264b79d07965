"""A stack that was deployed for a while: applied, offered, destroyed, and looked for afterwards."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from terraform_harness.deployments.review import review
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.sweep import destroy_command
from terraform_harness.deployments.teardown import tear_down
from terraform_harness.errors import OutputMissingError, TerraformError
from terraform_harness.processes import noop
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Progress, Terraform
from terraform_harness.terraform.configuration import Configuration, find_configuration
from terraform_harness.terraform.state import names_in, regions_in

# What failed: the deployment or its tests, or the teardown after them.
type Phase = Literal["deployment", "teardown"]

TERRAFORM = "terraform"
REPORTS = "reports"
_AFTER_APPLY = "after-apply.json"


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
    def known_drift_seen(self) -> Sequence[str]:
        """The reasons of the known gaps that the plans after apply showed."""
        seen: list[str] = self._remembered()["known_drift_seen"]
        return seen

    def remember(self, *, first_look: object, known_drift_seen: Sequence[str]) -> None:
        """Keep what was seen right after apply, for this session and for those that reuse the deployment."""
        seen = {"first_look": first_look, "known_drift_seen": known_drift_seen}
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


def copy(configuration: Path, run: Run) -> None:
    """Copy a configuration into the run's folder, in place of an earlier one; states stay where they are.

    Raises:
        ConfigurationError: It is not a Terraform configuration.
    """
    found = configuration_of(configuration, run.folder.parent)
    shutil.rmtree(run.folder / TERRAFORM, ignore_errors=True)
    folder = found.copy_to(run.folder / TERRAFORM)
    replace(run.created, configuration=str(folder.relative_to(run.folder))).write(run.folder)


def configuration_of(configuration: Path, runs: Path) -> Configuration:
    """The files of a configuration, without what runs and their reports have written into the project."""
    project = runs.resolve().parent
    return find_configuration(configuration, project=project, without=[runs, project / REPORTS])


def terraform_of(run: Run, target: Target, on_progress: Callable[[Progress], None] = noop) -> Terraform:
    """Terraform on the run's copy of the configuration, with state and logs in the run's folder."""
    return Terraform(
        run.folder / (run.created.configuration or TERRAFORM),
        target.environment,
        cache=run.folder.parent / "plugins",
        state_folder=run.folder,
        provider_settings=target.provider_settings,
        on_progress=on_progress,
        check=target.check,
        review=partial(review, run=run, target=target),
    )


@contextmanager
def deployed(  # noqa: PLR0913 - what to deploy, where, and the ways to watch it
    configuration: Path,
    run: Run,
    target: Target,
    *,
    on_progress: Callable[[Progress], None] = noop,
    on_failure: Callable[[Deployment, Phase], None] = noop,
    on_warning: Callable[[str], None] = noop,
    keep: bool = False,
    strict: bool = False,
) -> Iterator[Deployment]:
    """Apply a configuration, and destroy it however the block ends: also if apply fails or is interrupted.

    Args:
        configuration: A folder with `*.tf.json` or `*.tf` files; Terraform runs on a copy of it.
        run: Owns the copy of the configuration, the state and the logs.
        target: Where to.
        on_progress: Called for each resource.
        on_failure: Called when apply, the block or the teardown failed, while the target can still be asked.
        on_warning: Called with what the teardown found and removed, if it is not an error.
        keep: Leave the stack where it is, if all went well.
        strict: A log group that Lambda made is an error on each target.

    Raises:
        ConfigurationError, TakeoverError, AccountUnprovenError: Nothing was applied.
        TerraformError: A command failed.
        ForeignStateError: The state lists what the run did not create; nothing was destroyed.
        LeftoverError: Something is left after destroy; the run's folder is kept.
    """
    copy(configuration, run)
    terraform = terraform_of(run, target, on_progress)
    terraform.init()
    deployment = Deployment(run=run, target=target, terraform=terraform, outputs={})
    leave = partial(tear_down, terraform, run, target, strict=strict, on_warning=on_warning)
    try:
        terraform.apply()
        deployment = attached(run, target, terraform)
        yield deployment
    except BaseException as first:
        if isinstance(first, TerraformError) or (run.is_left and isinstance(first, Exception)):
            there = deployment.target.in_regions(run.created.regions or deployment.target.regions)
            on_failure(replace(deployment, target=there), "deployment")
        if run.is_left:
            _after(first, partial(leave, unrecorded=True), run, target)
        raise
    if keep:
        return
    try:
        leave()
    except KeyboardInterrupt:
        # Half a stack is of no use to anybody: the first interrupt only says that nothing else is to follow.
        leave(unrecorded=True)
        raise
    except Exception:
        on_failure(deployment, "teardown")
        raise


def _after(first: BaseException, leave: Callable[[], None], run: Run, target: Target) -> None:
    """Tear down after an error; that error is the one to see, with a note about another one."""
    try:
        leave()
    except Exception as second:  # noqa: BLE001 - whatever it is, it must not hide the first one
        first.add_note(f"Then the tear-down failed too: {second}")
        first.add_note(f"End what is left with: {destroy_command(run, target)}")


def attached(run: Run, target: Target, terraform: Terraform | None = None) -> Deployment:
    """A stack that is deployed, by this process or an earlier one; clients use the Region of its default provider."""
    terraform = terraform or terraform_of(run, target)
    terraform.check_state()
    state, created = terraform.state(), run.created
    found = regions_in(state)
    # The state knows better than the plan, which does not tell a Region that is computed.
    regions = dict.fromkeys([*found.default, *created.regions, *found.others])
    # A name that was known after apply only is the run's from now on.
    names = created.names | names_in(state, tuple(regions) or target.regions)
    replace(created, regions=tuple(regions), names=names).write(run.folder)
    there = target.in_regions(tuple(regions)) if regions else target
    return Deployment(run=run.reloaded(), target=there, terraform=terraform, outputs=terraform.outputs())
