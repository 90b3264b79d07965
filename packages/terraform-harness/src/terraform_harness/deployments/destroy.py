"""Destroys the resources of a kept, crashed or leaking run, and removes its LocalStack and its folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from terraform_harness.deployments.deployment import TERRAFORM, terraform_of
from terraform_harness.deployments.errors import WrongTargetError
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.teardown import tear_down_interrupted
from terraform_harness.processes import noop
from terraform_harness.targets.aws import aws_target
from terraform_harness.targets.embedded import stop_embedded
from terraform_harness.targets.localstack import LOCALSTACK, answers, clients_to, reached_target
from terraform_harness.targets.target import Target
from terraform_harness.terraform.progress import Progress


def destroy_run(
    run: Run, on_progress: Callable[[Progress], None] = noop, on_warning: Callable[[str], None] = noop
) -> None:
    """Destroy the resources of a run, stop its LocalStack and remove its folder.

    Raises:
        TargetError: The run's target cannot be reached, or the shell has another one; the run's folder stays.
        LeftoverError: Resources still exist; the run's folder stays.
    """
    embedded = run.folder / LOCALSTACK
    # The resources of an embedded LocalStack are in its memory and end with it.
    is_gone = embedded.is_dir() and not answers(str(run.endpoint))
    if run.applied and (run.folder / TERRAFORM).is_dir() and not is_gone:
        with _reached(run) as target:
            if run.is_on(target):
                terraform = terraform_of(run, target, on_progress)
                tear_down_interrupted(terraform, run, target, on_warning=on_warning)
            else:
                # Resources of the same names that exist now are not the run's.
                on_warning(
                    f"The LocalStack at {run.endpoint} was restarted: the resources of run {run.run_id} are gone."
                )
    stop_embedded(run.pid, embedded)
    shutil.rmtree(run.folder)


@contextmanager
def _reached(run: Run) -> Iterator[Target]:
    """Return the target that a run was deployed to, or raise."""
    if run.target != "aws":
        with reached_target(str(run.endpoint)) as target:
            yield target
        return
    with clients_to(run.endpoint):
        target = aws_target(os.environ)
        if target.place != run.place:
            raise WrongTargetError(run_id=run.run_id, place=run.place, shell=target.place)
        yield target
