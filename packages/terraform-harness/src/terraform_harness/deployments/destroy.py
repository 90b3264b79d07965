"""Ends what a kept, crashed or leaking run left: its stack, its LocalStack and its folder."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from embedded_localstack import end_kept
from terraform_harness.deployments.deployment import TERRAFORM, terraform_of
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.teardown import tear_down
from terraform_harness.errors import PlaceError
from terraform_harness.processes import noop
from terraform_harness.targets.aws import aws_target
from terraform_harness.targets.target import LOCALSTACK, Target, answers, clients_to, reached_target
from terraform_harness.terraform.cli import Progress


def destroy_run(
    run: Run, on_progress: Callable[[Progress], None] = noop, on_warning: Callable[[str], None] = noop
) -> None:
    """End what a run left.

    Raises:
        TargetError: The run's target cannot be reached, or the shell leads to another one; the run's folder stays.
        LeftoverError: Something is still left; the run's folder stays.
    """
    embedded = run.folder / LOCALSTACK
    # An embedded LocalStack has everything in its memory: with it, all that was deployed to it is gone.
    is_gone = embedded.is_dir() and not answers(str(run.endpoint))
    if run.applied and (run.folder / TERRAFORM).is_dir() and not is_gone:
        with _reached(run) as target:
            if run.is_on(target):
                terraform = terraform_of(run, target, on_progress)
                tear_down(terraform, run, target, unrecorded=True, on_warning=on_warning)
            else:
                # What is there now, under whatever name, is not the run's.
                on_warning(f"The LocalStack at {run.endpoint} was restarted: what run {run.run_id} deployed is gone.")
    end_kept(run.pid, embedded)
    shutil.rmtree(run.folder)


@contextmanager
def _reached(run: Run) -> Iterator[Target]:
    """The target of a run, which must be the very one that it was deployed to."""
    if run.target != "aws":
        with reached_target(str(run.endpoint)) as target:
            yield target
        return
    with clients_to(run.endpoint):
        target = aws_target(os.environ)
        if target.place != run.place:
            raise PlaceError(run_id=run.run_id, place=run.place, shell=target.place)
        yield target
