"""Deploys a configuration for the duration of a block: apply, use, destroy, search for leftover resources."""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from terraform_harness.deployments.errors import OutputMissingError
from terraform_harness.deployments.review import review
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep import destroy_command
from terraform_harness.deployments.teardown import tear_down, tear_down_interrupted
from terraform_harness.processes import noop
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.configuration import Configuration, find_configuration
from terraform_harness.terraform.errors import TerraformError
from terraform_harness.terraform.progress import Progress
from terraform_harness.terraform.state import names_in, regions_in

# The part of a deployment that failed; its tests count as the deployment.
type Phase = Literal["deployment", "teardown"]

TERRAFORM = "terraform"
REPORTS = "reports"
_AFTER_APPLY = "after-apply.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """A deployed configuration, for use in tests.

    Args:
        run: Owns the resources.
        target: Has the resources; its clients use the Region of the default provider configuration.
        terraform: Terraform with the state of the run.
        outputs: The Terraform outputs by name.
        first_look: The result of the fixture `terraform_first_look`, which is called right after apply.
        known_drift_seen: The reasons of the known drift in the plans right after apply.
    """

    run: Run
    target: Target
    terraform: Terraform
    outputs: dict[str, Any]
    first_look: Any = None
    known_drift_seen: Sequence[str] = ()

    def observed(self, *, first_look: object, known_drift_seen: Sequence[str]) -> "Deployment":
        """Return the deployment with these observations, and keep them for the sessions that reuse it."""
        text = json.dumps({"first_look": first_look, "known_drift_seen": known_drift_seen})
        (self.run.folder / _AFTER_APPLY).write_text(text)
        return replace(self, **json.loads(text))

    def output(self, name: str) -> Any:  # noqa: ANN401 - outputs have any type
        """Return the value of an output.

        Raises:
            OutputMissingError: The configuration has no such output.
        """
        __tracebackhide__ = True
        if name not in self.outputs:
            raise OutputMissingError(name=name, known=tuple(self.outputs))
        return self.outputs[name]


def copy_configuration(configuration: Path, run: Run) -> None:
    """Copy a configuration into the run's folder, in place of an earlier copy; states stay where they are.

    Raises:
        ConfigurationError: The folder is not a Terraform configuration.
    """
    found = configuration_of(configuration, run.folder.parent)
    shutil.rmtree(run.folder / TERRAFORM, ignore_errors=True)
    folder = found.copy_to(run.folder / TERRAFORM)
    store = RunStore.of(run)
    store.record(run, replace(store.created(run), configuration=str(folder.relative_to(run.folder))))


def configuration_of(configuration: Path, runs: Path) -> Configuration:
    """Return the files of a configuration, without those that runs and reports have written into the project."""
    project = runs.resolve().parent
    return find_configuration(configuration, project=project, without=[runs, project / REPORTS])


def terraform_of(run: Run, target: Target, on_progress: Callable[[Progress], None] = noop) -> Terraform:
    """Return Terraform for the run's copy of the configuration, with state and logs in the run's folder."""
    return Terraform(
        run.folder / (RunStore.of(run).created(run).configuration or TERRAFORM),
        target.environment,
        cache=run.folder.parent / "plugins",
        state_folder=run.folder,
        provider_settings=target.provider_settings,
        on_progress=on_progress,
        check=target.check,
        review=partial(review, run=run, target=target),
    )


@contextmanager
def deployed(  # noqa: PLR0913 - the configuration, its target and the callbacks
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
    """Apply a configuration, and destroy it after the block, also if apply or the block fails or is interrupted.

    Args:
        configuration: A folder with `*.tf.json` or `*.tf` files; Terraform runs on a copy of it.
        run: Owns the copy of the configuration, the state and the logs.
        target: The target to deploy to.
        on_progress: Called for each resource.
        on_failure: Called when apply, the block or the teardown failed, while the resources still exist.
        on_warning: Called for each log group of Lambda that the teardown removed.
        keep: Do not destroy after a block that succeeded.
        strict: Report a log group of Lambda as a leftover on LocalStack too.

    Raises:
        ConfigurationError, TakeoverError, AccountUnprovenError: Nothing was applied.
        TerraformError: A command failed.
        ForeignStateError: The state lists resources that the run did not create; nothing was destroyed.
        LeftoverError: Resources still exist after destroy; the run's folder is kept.
    """
    copy_configuration(configuration, run)
    terraform = terraform_of(run, target, on_progress)
    terraform.init()
    deployment = Deployment(run=run, target=target, terraform=terraform, outputs={})
    store = RunStore.of(run)
    leave_interrupted = partial(tear_down_interrupted, terraform, run, target, strict=strict, on_warning=on_warning)
    try:
        terraform.apply()
        deployment = attached(run, target, terraform)
        yield deployment
    except BaseException as first:
        is_dirty = not store.is_clean(run)
        if isinstance(first, TerraformError) or (is_dirty and isinstance(first, Exception)):
            there = deployment.target.in_regions(store.created(run).regions or deployment.target.regions)
            on_failure(replace(deployment, target=there), "deployment")
        if is_dirty:
            _add_failure(first, leave_interrupted, destroy_command(run, target))
        raise
    if keep:
        return
    try:
        tear_down(terraform, run, target, strict=strict, on_warning=on_warning)
    except KeyboardInterrupt:
        # The first interrupt does not stop the teardown: it would leave half of the resources.
        leave_interrupted()
        raise
    except Exception:
        on_failure(deployment, "teardown")
        raise


def _add_failure(first: BaseException, leave: Callable[[], None], command: str) -> None:
    """Tear down after an error; add a note to that error if the teardown fails too."""
    try:
        leave()
    except Exception as second:  # noqa: BLE001 - no error of the teardown may replace the first one
        first.add_note(f"The teardown failed too: {second}")
        first.add_note(f"Delete the leftover resources with: {command}")


def attached(run: Run, target: Target, terraform: Terraform | None = None) -> Deployment:
    """Return the deployment of a run that this process or an earlier one has applied."""
    terraform = terraform or terraform_of(run, target)
    terraform.check_state()
    store = RunStore.of(run)
    state, created = terraform.state(), store.created(run)
    found = regions_in(state)
    # The state knows a computed Region, which the plan does not.
    regions = tuple(dict.fromkeys([*found.default, *created.regions, *found.others]))
    # A name that was known after apply only belongs to the run from now on.
    names = created.names | names_in(state, regions or target.regions)
    store.record(run, replace(created, regions=regions, names=names))
    observations = run.folder / _AFTER_APPLY
    seen: dict[str, Any] = json.loads(observations.read_text()) if observations.exists() else {}
    there = target.in_regions(regions) if regions else target
    return Deployment(
        run=store.load(run.run_id), target=there, terraform=terraform, outputs=terraform.outputs(), **seen
    )
