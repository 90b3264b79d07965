"""The pytest plugin: `pytest_plugins = ["harness.plugin"]` in a conftest.py is all that a project needs.

A project overrides one fixture, `terraform_configuration`; the rest follows from it. With pytest-xdist the first worker
deploys and the controller destroys when all have finished.
"""

import os
import re
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.error import URLError

import pytest
from filelock import FileLock

from harness.aws import aws_limits, aws_target
from harness.choices import SHARED_RUN, Choices, add_options
from harness.deployment import Deployment, attached, deployed, end_run
from harness.errors import HarnessError, KeptRunMissingError, StaleDeploymentError
from harness.evidence import gather
from harness.fingerprint import differences, fingerprint
from harness.gaps import LOCALSTACK_GAPS, Gap, check_settled
from harness.localstack import Faults
from harness.runs import LIFETIME, Run, known_runs, new_run, new_run_id, temporary_run
from harness.signals import at_most, sigterm_as_interrupt
from harness.targets import Target, localstack_target, reached_target

type FirstLook = Callable[[Deployment], object]

_ENDED = pytest.StashKey[list[str]]()
_GUARDS = pytest.StashKey[ExitStack]()
_SHARED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `harness.choices`."""
    add_options(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Let SIGTERM, and on AWS the end of the time, run the finalizers."""
    for name in ("aws", "localstack"):
        config.addinivalue_line("markers", f"{name}(reason): proven on {name} only, and skipped on any other target")
    guards = config.stash[_GUARDS] = ExitStack()
    guards.enter_context(sigterm_as_interrupt())
    if Choices.of(config).target == "aws":
        try:
            guards.enter_context(at_most(aws_limits(os.environ).wall_clock))
        except HarnessError as error:
            raise pytest.UsageError(str(error)) from None
    config.stash[_ENDED] = []
    config.stash[_SHARED] = f"{new_run_id()}-shared"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the signals back."""
    config.stash[_GUARDS].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist's own type, which need not be installed
    """Tell each worker of pytest-xdist the run that they share."""
    node.workerinput[SHARED_RUN] = node.config.stash[_SHARED]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is proven on the other target only; with a stage, keep the tests that it needs."""
    target, stage = Choices.of(config).target, Choices.of(config).stage
    # What stands at AWS_ENDPOINT_URL is not AWS, whatever it is called.
    emulated = target == "localstack" or "AWS_ENDPOINT_URL" in os.environ
    others = [*(["aws"] if emulated else []), *(["localstack"] if target == "aws" else [])]
    for item in items:
        for marker in filter(None, map(item.get_closest_marker, others)):
            item.add_marker(pytest.mark.skip(reason=f"proven on {marker.name} only: {', '.join(marker.args)}"))
    # One test stands for the deployment when it is only to be made; none is needed when it is only to be ended.
    if stage == "destroy":
        items.clear()
    elif stage == "deploy":
        items[:] = [item for item in items if "deployment" in getattr(item, "fixturenames", ())][:1]


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """With `--stage deploy` no test is called: its fixtures have done the work."""
    return True if Choices.of(pyfuncitem.config).stage == "deploy" else None


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Gather evidence when a test of a deployment fails, and link it from the terminal and the JUnit report."""
    report = yield
    deployment = getattr(item, "funcargs", {}).get("deployment")
    if report.failed and call.when == "call" and isinstance(deployment, Deployment):
        name = re.sub(r"[^A-Za-z0-9]+", "-", item.nodeid).strip("-")
        folder = item.config.rootpath / "reports" / "evidence" / name
        gather(deployment, folder, since=datetime.fromtimestamp(call.start, UTC))
        # The JUnit report takes its properties from the last report of a test, which is made from the item.
        item.user_properties.append(("evidence", str(folder)))
        report.sections.append(("evidence", f"plan, logs, state, alarms and metrics: {folder}"))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End what the workers shared, or what `--stage destroy` is to end; what cannot be ended fails the session."""
    choices, runs = Choices.of(session.config), session.config.rootpath / ".runs"
    if choices.shared_run is not None:
        return
    shared_run = session.config.stash[_SHARED]
    (runs / f"{shared_run}.lock").unlink(missing_ok=True)
    shared = [run for run in known_runs(runs) if run.run_id == shared_run and not choices.keep]
    kept = [_kept_run(runs, choices)] if choices.stage == "destroy" else []
    for run in [*shared, *(run for run in kept if run is not None)]:
        try:
            end_run(run)
            session.config.stash[_ENDED].append(f"Run {run.run_id} was ended; nothing of it is left.")
            if choices.stage == "destroy":
                session.exitstatus = pytest.ExitCode.OK
        except HarnessError as error:
            session.config.stash[_ENDED].append(str(error))
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was ended, and what was kept."""
    for line in config.stash[_ENDED]:
        terminalreporter.write_line(line)
    kept = _kept_run(config.rootpath / ".runs", Choices.of(config)) if Choices.of(config).keeps else None
    if kept is not None:
        terminalreporter.write_line(
            f"Run {kept.run_id} is kept. Use it with --reuse, end it with 'python -m harness destroy {kept.run_id}'."
        )


@pytest.fixture(scope="session")
def run(pytestconfig: pytest.Config) -> Iterator[Run]:
    """This session's run: its id, suffix, tags and folder."""
    choices, runs = Choices.of(pytestconfig), pytestconfig.rootpath / ".runs"
    lifetime = aws_limits(os.environ).lifetime if choices.target == "aws" else LIFETIME
    if choices.shared_run is not None:
        with _alone(runs, choices):
            known = [run for run in known_runs(runs) if run.run_id == choices.shared_run]
            shared = known[0] if known else new_run(runs, run_id=choices.shared_run, lifetime=lifetime)
        yield shared
    elif choices.keeps:
        kept = _kept_run(runs, choices) if choices.wants_kept else None
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
        if choices.target == "aws":
            yield aws_target(os.environ)
            return
        with _alone(run.folder.parent, choices):
            placed = run.reloaded()
            if placed.endpoint is not None:
                target = stack.enter_context(reached_target(placed.endpoint))
            else:
                wanted = os.environ.get("AWS_ENDPOINT_URL")
                target = stack.enter_context(localstack_target(run.folder, endpoint=wanted))
                placed = placed.at(target.endpoint)
                if choices.keeps:
                    # The workers of one session share a LocalStack that ends with the session's controller.
                    placed.kept_by(target.hand_over(os.getppid() if choices.shared_run else None))
        yield target


@pytest.fixture(scope="session")
def terraform_configuration() -> Path:
    """The folder with the `*.tf.json` to deploy. Override this fixture: there is no default."""
    raise pytest.UsageError("Override the session fixture 'terraform_configuration': return a folder with *.tf.json.")


@pytest.fixture(scope="session")
def hourly_dollars() -> float:
    """What the stack costs in an idle hour. Override it: HARNESS_MAX_DOLLARS goes by it."""
    return 0.0


@pytest.fixture(scope="session")
def first_look() -> FirstLook:
    """Called right after apply; `deployment.first_look` is what it returned. Override it to see a fresh deployment."""
    return lambda _: None


@pytest.fixture(scope="session")
def known_gaps(target: Target) -> Sequence[Gap]:
    """The differences that a plan right after apply may show. Override it to name more, each with its reason."""
    return LOCALSTACK_GAPS if target.endpoint is not None else ()


@pytest.fixture(scope="session")
def deployment(  # noqa: PLR0913, PLR0917 - each fixture is a decision that a project may take
    pytestconfig: pytest.Config,
    terraform_configuration: Path,
    hourly_dollars: float,
    first_look: FirstLook,
    known_gaps: Sequence[Gap],
    run: Run,
    target: Target,
) -> Iterator[Deployment]:
    """The configuration, deployed once for the whole session and destroyed after it."""
    choices = Choices.of(pytestconfig)
    if choices.target == "aws":
        aws_limits(os.environ).check_cost(hourly_dollars)

    @contextmanager
    def settled() -> Iterator[Deployment]:
        with deployed(terraform_configuration, run.reloaded(), target, keep=choices.keeps) as deployment:
            seen = first_look(deployment)
            gaps = check_settled(deployment.terraform, known_gaps)
            deployment.remember(first_look=seen, gaps_seen=[gap.reason for gap in gaps])
            yield deployment

    if not choices.keeps:
        with _other_finalizers_first(run), settled() as deployment:
            yield deployment
        return
    with _alone(run.folder.parent, choices):
        wanted = fingerprint(terraform_configuration, target)
        kept = run.reloaded()
        if kept.fingerprint is None:
            with settled() as deployment:
                deployment.run.carrying(wanted)
        elif reasons := differences(kept.fingerprint, wanted):
            raise StaleDeploymentError(folder=kept.folder, reasons=reasons)
    yield attached(run.reloaded(), target)


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
    except KeyboardInterrupt:
        ending = f" Run {run.run_id} is left: end it with 'python -m harness destroy {run.run_id}'."
        pytest.exit(f"Interrupted.{ending if run.is_left else ''}", returncode=pytest.ExitCode.INTERRUPTED)


def _kept_run(runs: Path, choices: Choices) -> Run | None:
    """The last run that was deployed to this kind of target and kept."""
    kept = [
        run
        for run in known_runs(runs)
        if run.fingerprint is not None and run.fingerprint["target"].startswith(choices.target)
    ]
    return kept[-1] if kept else None


@contextmanager
def _alone(runs: Path, choices: Choices) -> Iterator[None]:
    """Keep the other workers of the session out, if there are any."""
    if choices.shared_run is None:
        yield
        return
    runs.mkdir(exist_ok=True)
    with FileLock(runs / f"{choices.shared_run}.lock"):
        yield
