"""The fixtures of the plugin. A project overrides `terraform_configuration`; each other one is a choice it may take."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.error import URLError

import pytest

from embedded_localstack import Faults
from terraform_harness.deployments.deployment import Deployment, attached, deployed
from terraform_harness.deployments.fingerprint import differences, fingerprint
from terraform_harness.deployments.run import LIFETIME, Run, known_runs, new_run, temporary_run
from terraform_harness.errors import KeptRunMissingError, StaleDeploymentError
from terraform_harness.plugin.failures import gather_for_deployment, warn
from terraform_harness.plugin.locking import alone, kept_run
from terraform_harness.plugin.options import Choices
from terraform_harness.signals import cancel_deadline
from terraform_harness.targets.aws import aws_limits, aws_target
from terraform_harness.targets.target import Target, answers, localstack_target, reached_target
from terraform_harness.terraform.known_drift import LOCALSTACK_DRIFT, KnownDrift, assert_no_drift

type FirstLook = Callable[[Deployment], object]


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Iterator[Run]:
    """This session's run: its id, suffix, tags and folder."""
    choices, runs = Choices.of(pytestconfig), pytestconfig.rootpath / ".runs"
    lifetime = aws_limits(os.environ).lifetime if choices.target == "aws" else LIFETIME
    if choices.shared_run is not None:
        with alone(runs, choices):
            known = [run for run in known_runs(runs) if run.run_id == choices.shared_run]
            if not known and choices.stage == "test":
                raise KeptRunMissingError
            shared = known[0] if known else new_run(runs, run_id=choices.shared_run, lifetime=lifetime)
        yield shared
    elif choices.keeps:
        kept = kept_run(runs, choices) if choices.wants_kept else None
        if kept is None and choices.stage == "test":
            raise KeptRunMissingError
        yield kept or new_run(runs, lifetime=lifetime)
    else:
        with temporary_run(runs, lifetime=lifetime) as run:
            yield run


@pytest.fixture(scope="session")
def target(pytestconfig: pytest.Config, run: Run) -> Iterator[Target]:
    """The place that `deployment` is deployed to."""
    choices = Choices.of(pytestconfig)
    with ExitStack() as stack:
        with alone(run.folder.parent, choices):
            placed = run.reloaded()
            if choices.target == "aws":
                target = aws_target(os.environ)
            elif placed.endpoint is not None:
                target = stack.enter_context(_used_again(placed))
            else:
                wanted = os.environ.get("AWS_ENDPOINT_URL")
                target = stack.enter_context(localstack_target(run.folder, endpoint=wanted))
            if placed.place is None:
                placed = placed.at(target)
                if choices.keeps:
                    # What the workers of one session share, and do not keep, ends with the session's controller.
                    follow = os.getppid() if choices.shared_run and not choices.outlives else None
                    placed.kept_by(target.hand_over(follow))
        yield target


def _used_again(run: Run) -> AbstractContextManager[Target]:
    """The LocalStack that another process has deployed a run to."""
    endpoint = str(run.endpoint)
    if run.kept and not answers(endpoint):
        reasons = [f"the LocalStack at {endpoint} does not answer any more"]
        raise StaleDeploymentError(folder=run.folder, reasons=reasons)
    return reached_target(endpoint)


@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    """The folder with the Terraform files to deploy. Override this fixture: there is no default."""
    raise pytest.UsageError(
        "Override the session fixture 'terraform_configuration': return a folder with *.tf.json or *.tf files."
    )


@pytest.fixture(scope="session")
def hourly_dollars() -> float | None:
    """What the stack costs in an idle hour. Override it: HARNESS_MAX_DOLLARS goes by it."""
    return None


@pytest.fixture(scope="session")
def first_look() -> FirstLook:
    """Called right after apply; `deployment.first_look` is what it returned. Override it to see a fresh deployment."""
    return lambda _: None


@pytest.fixture(scope="session")
def terraform_known_drift(target: Target) -> Sequence[KnownDrift]:
    """The differences that a plan right after apply may show. Override it to name more, each with its reason."""
    return LOCALSTACK_DRIFT if target.endpoint is not None else ()


@pytest.fixture(scope="session")
def deployment(  # noqa: PLR0913, PLR0917 - each fixture is a decision that a project may take
    pytestconfig: pytest.Config,
    terraform_configuration: Path,
    hourly_dollars: float | None,
    first_look: FirstLook,
    terraform_known_drift: Sequence[KnownDrift],
    run: Run,
    target: Target,
) -> Iterator[Deployment]:
    """The configuration, deployed once for the whole session and destroyed after it."""
    choices = Choices.of(pytestconfig)
    if choices.target == "aws":
        aws_limits(os.environ).check_cost(hourly_dollars)

    gather = partial(gather_for_deployment, pytestconfig, since=datetime.now(UTC))

    @contextmanager
    def settled() -> Iterator[Deployment]:
        with deployed(
            terraform_configuration,
            run.reloaded(),
            target,
            on_failure=gather,
            on_warning=warn,
            keep=choices.keeps,
            strict=choices.strict_leftovers,
        ) as deployment:
            seen = first_look(deployment)
            gaps = assert_no_drift(deployment.terraform, terraform_known_drift)
            deployment.remember(first_look=seen, known_drift_seen=[gap.reason for gap in gaps])
            yield deployment

    if not choices.keeps:
        with _other_finalizers_first(run), settled() as deployment:
            yield deployment
            cancel_deadline()
        return
    with alone(run.folder.parent, choices):
        wanted = fingerprint(terraform_configuration, target, run.folder.parent)
        kept = run.reloaded()
        if kept.fingerprint is None:
            with settled() as deployment:
                deployment.run.carrying(wanted, kept=choices.outlives)
        elif reasons := _stale(kept, kept.fingerprint, wanted):
            raise StaleDeploymentError(folder=kept.folder, reasons=reasons)
    yield attached(run.reloaded(), target)


def _stale(kept: Run, fingerprint: Mapping[str, str], wanted: Mapping[str, str]) -> Sequence[str]:
    over = kept.is_over(datetime.now(UTC))
    return [*differences(fingerprint, wanted), *([f"its time was over at {kept.expires_at}"] if over else [])]


@pytest.fixture
def faults(target: Target) -> Iterator[Faults]:
    """What the embedded LocalStack is told to do wrong, until the test ends; skipped where nothing can be told to."""
    if target.endpoint is None:
        pytest.skip("AWS cannot be told to fail.")
    faults = Faults(target.endpoint)
    try:
        faults.switch_off()
    except URLError:
        pytest.skip(f"Only the embedded LocalStack can be told to fail, the one at {target.endpoint} cannot.")
    yield faults
    faults.switch_off()


@contextmanager
def _other_finalizers_first(run: Run) -> Iterator[None]:
    """End the session after an interrupt of the block in the way that lets pytest tear down the rest.

    A KeyboardInterrupt in a finalizer would keep pytest from those of the other fixtures.
    """
    try:
        yield
    except KeyboardInterrupt as interrupt:
        said = ["Interrupted.", *getattr(interrupt, "__notes__", ())]
        if run.is_left:
            said.append(f"Run {run.run_id} is left: end it with 'terraform-harness destroy {run.run_id}'.")
        pytest.exit("\n".join(said), returncode=pytest.ExitCode.INTERRUPTED)
