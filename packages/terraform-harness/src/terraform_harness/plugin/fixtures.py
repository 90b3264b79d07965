"""The fixtures of the plugin. A project overrides `terraform_configuration`, and others if it needs to."""

from __future__ import annotations

import os
from contextlib import AbstractContextManager, ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING
from urllib.error import URLError

import pytest

from terraform_harness.deployments.errors import StaleDeploymentError
from terraform_harness.plugin.failures import gather_for_deployment, warn
from terraform_harness.plugin.options import Options
from terraform_harness.signals import cancel_deadline

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from embedded_localstack import Faults
    from terraform_harness.deployments.deployment import Deployment
    from terraform_harness.deployments.run import Run
    from terraform_harness.targets.target import Target
    from terraform_harness.terraform.known_drift import KnownDrift

    type FirstLook = Callable[[Deployment], object]

# ruff: noqa: PLC0415 - the plugin is loaded in every session: what only a deployment needs is imported by its fixtures


@pytest.fixture(scope="session")
def terraform_run(pytestconfig: pytest.Config) -> Iterator[Run]:
    """The run of this session: its id, suffix, tags and folder."""
    from terraform_harness.deployments.store import LIFETIME, RunStore
    from terraform_harness.targets.aws import aws_limits

    options, store = Options.of(pytestconfig), RunStore(pytestconfig.rootpath / ".runs")
    lifetime = aws_limits(os.environ).lifetime if options.target == "aws" else LIFETIME
    if options.shared_run is not None:
        with store.exclusive(options.shared_run):
            shared = store.find(options.shared_run) or store.new(run_id=options.shared_run, lifetime=lifetime)
        yield shared
    elif options.outlives_session:
        kept = store.last_kept(options.target) if options.reuse else None
        yield kept or store.new(lifetime=lifetime)
    else:
        with store.temporary(lifetime=lifetime) as run:
            yield run


@pytest.fixture(scope="session")
def terraform_target(pytestconfig: pytest.Config, terraform_run: Run) -> Iterator[Target]:
    """The target that the session deploys to: an embedded LocalStack, the one at AWS_ENDPOINT_URL, or AWS."""
    from terraform_harness.deployments.store import RunStore
    from terraform_harness.targets.aws import aws_target
    from terraform_harness.targets.localstack import localstack_target

    options, store = Options.of(pytestconfig), RunStore.of(terraform_run)
    with ExitStack() as stack:
        with store.exclusive(options.shared_run):
            run = store.load(terraform_run.run_id)
            if options.target == "aws":
                target = aws_target(os.environ)
            elif run.endpoint is not None:
                target = stack.enter_context(_reused_localstack(run, run.endpoint))
            else:
                endpoint = os.environ.get("AWS_ENDPOINT_URL")
                target = stack.enter_context(localstack_target(run.folder, endpoint=endpoint))
            if run.place is None:
                run = store.assign(run, target)
                if options.outlives_process:
                    # A LocalStack that workers share ends with the controller, unless it is kept.
                    controller = None if options.outlives_session else os.getppid()
                    store.hand_over(run, target.detach(controller))
        yield target


def _reused_localstack(run: Run, endpoint: str) -> AbstractContextManager[Target]:
    """Return the LocalStack that another process has deployed a run to."""
    from terraform_harness.targets.localstack import answers, reached_target

    if run.kept and not answers(endpoint):
        raise StaleDeploymentError(
            folder=run.folder, reasons=[f"the LocalStack at {endpoint} does not answer any more"]
        )
    return reached_target(endpoint)


@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    """The folder with the Terraform files to deploy. A project must override this fixture."""
    raise pytest.UsageError(
        "Override the session fixture 'terraform_configuration': return a folder with *.tf.json or *.tf files."
    )


@pytest.fixture(scope="session")
def terraform_hourly_dollars() -> float | None:
    """The idle cost of the deployment per hour. Override it to use HARNESS_MAX_DOLLARS."""
    return None


@pytest.fixture(scope="session")
def terraform_first_look() -> FirstLook:
    """A function called right after apply; `Deployment.first_look` is its result. Override it to use it."""
    return lambda _: None


@pytest.fixture(scope="session")
def terraform_known_drift(terraform_target: Target) -> Sequence[KnownDrift]:
    """The differences that a plan right after apply may show. Override it to add more, each with its reason."""
    from terraform_harness.terraform.known_drift import LOCALSTACK_DRIFT

    return LOCALSTACK_DRIFT if terraform_target.endpoint is not None else ()


@pytest.fixture(scope="session")
def terraform_deployment(  # noqa: PLR0913, PLR0917 - a project may override each of them
    pytestconfig: pytest.Config,
    terraform_configuration: Path,
    terraform_hourly_dollars: float | None,
    terraform_first_look: FirstLook,
    terraform_known_drift: Sequence[KnownDrift],
    terraform_run: Run,
    terraform_target: Target,
) -> Iterator[Deployment]:
    """The deployed configuration: applied once for the session and destroyed after it."""
    from terraform_harness.deployments.deployment import attached, deployed
    from terraform_harness.deployments.fingerprint import differences, fingerprint
    from terraform_harness.deployments.store import RunStore
    from terraform_harness.targets.aws import aws_limits
    from terraform_harness.terraform.known_drift import assert_no_drift

    options, store = Options.of(pytestconfig), RunStore.of(terraform_run)
    if options.target == "aws":
        aws_limits(os.environ).check_cost(terraform_hourly_dollars)
    began = datetime.now(UTC)

    @contextmanager
    def checked() -> Iterator[Deployment]:
        with deployed(
            terraform_configuration,
            store.load(terraform_run.run_id),
            terraform_target,
            on_failure=partial(gather_for_deployment, pytestconfig, since=began),
            on_warning=warn,
            keep=options.outlives_process,
            strict=options.strict_leftovers,
        ) as deployment:
            seen = terraform_first_look(deployment)
            drift = assert_no_drift(deployment.terraform, terraform_known_drift)
            yield deployment.observed(first_look=seen, known_drift_seen=[known.reason for known in drift])

    if not options.outlives_process:
        with _other_finalizers_first(terraform_run), checked() as deployment:
            yield deployment
            cancel_deadline()
        return
    with store.exclusive(options.shared_run):
        wanted = fingerprint(terraform_configuration, terraform_target, store.folder)
        run = store.load(terraform_run.run_id)
        if run.fingerprint is None:
            with checked():
                store.update(run, fingerprint=wanted, kept=options.outlives_session)
        else:
            reasons = [*differences(run.fingerprint, wanted)]
            if run.expired(datetime.now(UTC)):
                reasons.append(f"it expired at {run.expires_at}")
            if reasons:
                raise StaleDeploymentError(folder=run.folder, reasons=reasons)
    yield attached(store.load(run.run_id), terraform_target)


@pytest.fixture
def localstack_faults(terraform_target: Target) -> Iterator[Faults]:
    """Injects faults into the embedded LocalStack until the test ends; the test is skipped on other targets."""
    from terraform_harness.targets.embedded import embedded_faults

    if terraform_target.endpoint is None:
        pytest.skip("Faults cannot be injected into AWS.")
    faults = embedded_faults(terraform_target.endpoint)
    try:
        faults.switch_off()
    except URLError:
        pytest.skip(f"Faults need the embedded LocalStack; the one at {terraform_target.endpoint} is another.")
    yield faults
    faults.switch_off()


@contextmanager
def _other_finalizers_first(run: Run) -> Iterator[None]:
    """End the session after a KeyboardInterrupt of the block, after the finalizers of the other fixtures.

    A KeyboardInterrupt in a finalizer would keep pytest from running the others.
    """
    from terraform_harness.deployments.store import RunStore

    try:
        yield
    except KeyboardInterrupt as interrupt:
        lines = ["Interrupted.", *getattr(interrupt, "__notes__", ())]
        if not RunStore.of(run).is_clean(run):
            command = f"terraform-harness destroy {run.run_id}"
            lines.append(f"Resources of run {run.run_id} may remain. Destroy them with: {command}")
        pytest.exit("\n".join(lines), returncode=pytest.ExitCode.INTERRUPTED)
