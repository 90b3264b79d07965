"""The pytest plugin: `pytest_plugins = ["harness.plugin"]` in a conftest.py is all that a project needs.

A project overrides one fixture, `terraform_configuration`; the rest follows from it. With pytest-xdist the first worker
deploys and the controller destroys when all have finished.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

import pytest

from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.run import known_runs, new_run_id
from terraform_harness.errors import HarnessError
from terraform_harness.plugin.failures import NAMESPACES, OF_TESTS, gather_for_test, in_one_screen
from terraform_harness.plugin.locking import kept_run
from terraform_harness.plugin.markers import (
    REQUIRED,
    add_marks,
    refuse_without_mark,
    session_targets,
    skip_what_is_not_proven_here,
)
from terraform_harness.plugin.options import SHARED_RUN, Choices, add_options
from terraform_harness.plugin.proofs import FILE, Proofs
from terraform_harness.signals import at_most, cancel_deadline, sigterm_as_interrupt
from terraform_harness.targets.aws import aws_limits

pytest_plugins = ["terraform_harness.plugin.fixtures"]

_ENDED = pytest.StashKey[list[str]]()
_GUARDS = pytest.StashKey[ExitStack]()
_SHARED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of `terraform_harness.plugin.options`, and two lines of pytest's configuration."""
    add_options(parser)
    parser.addini(REQUIRED, "whether each test that reaches a target must be marked with it", "bool", default=False)
    parser.addini(NAMESPACES, "the project's own metric namespaces, for the evidence of failures", "args", default=[])
    parser.addini(FILE, "the file in which --prove notes what passed, and when", default="proofs.json")


# After pytest's own hook for what Python swallows, so that ours sees it first.
@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Let SIGTERM, and on AWS the end of the time, run the finalizers."""
    add_marks(config)
    guards = config.stash[_GUARDS] = ExitStack()
    guards.enter_context(sigterm_as_interrupt())
    choices = Choices.of(config)
    if choices.target == "aws":
        try:
            guards.enter_context(at_most(aws_limits(os.environ).wall_clock))
        except HarnessError as error:
            raise pytest.UsageError(str(error)) from None
    config.stash[_ENDED] = []
    if config.getoption("--prove") and choices.shared_run is None and choices.stage in {None, "test"}:
        config.pluginmanager.register(Proofs(config.rootpath / config.getini(FILE), session_targets(config)))
    kept = kept_run(config.rootpath / ".runs", choices) if choices.wants_kept else None
    config.stash[_SHARED] = kept.run_id if kept else f"{new_run_id()}-shared"


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the signals back."""
    config.stash[_GUARDS].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - pytest-xdist's own type, which need not be installed
    """Tell each worker of pytest-xdist the run that they share."""
    node.workerinput[SHARED_RUN] = node.config.stash[_SHARED]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what is not proven on this target; with a stage, keep the tests that it needs."""
    skip_what_is_not_proven_here(config, items)
    stage = Choices.of(config).stage
    # One test stands for the deployment when it is only to be made; none is needed when it is only to be ended.
    if stage == "destroy":
        items.clear()
    elif stage == "deploy":
        deploying = (item for item in items if "deployment" in getattr(item, "fixturenames", ()))
        items[:] = [item for item in deploying if item.get_closest_marker("skip") is None][:1]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Let nothing be deployed for a test that does not say where it is proven, if it has to."""
    refuse_without_mark(item)


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
    error = call.excinfo.value if call.excinfo else None
    if report.failed and isinstance(error, HarnessError) and not isinstance(error, OF_TESTS):
        # One screen: where in the harness it was raised tells its user nothing.
        report.longrepr = in_one_screen(error)
    if report.failed and (folder := gather_for_test(item, call)) is not None:
        # The JUnit report takes its properties from the last report of a test, which is made from the item.
        item.user_properties.append(("evidence", str(folder)))
        report.sections.append(("evidence", f"plan, logs, state, alarms and metrics: {folder}"))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End what the workers shared, or what `--stage destroy` is to end; what cannot be ended fails the session."""
    choices, runs = Choices.of(session.config), session.config.rootpath / ".runs"
    if choices.shared_run is not None:
        return
    shared_run, said = session.config.stash[_SHARED], session.config.stash[_ENDED]
    (runs / f"{shared_run}.lock").unlink(missing_ok=True)
    shared = [run for run in known_runs(runs) if run.run_id == shared_run and not choices.outlives]
    kept = kept_run(runs, choices) if choices.stage == "destroy" else None
    if choices.stage == "destroy":
        session.exitstatus = pytest.ExitCode.OK
        if kept is None:
            said.append("No deployment was kept: there is nothing to end.")
    cancel_deadline()
    for run in [*shared, *([kept] if kept else [])]:
        try:
            destroy_run(run, on_warning=said.append)
            said.append(f"Run {run.run_id} was ended; nothing of it is left.")
        except Exception as error:  # noqa: BLE001 - whatever it is, what is left must be said, and fail the session
            said.append(f"{error}\nRun {run.run_id} is left: end it with 'terraform-harness destroy {run.run_id}'.")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say what was ended, and what was kept."""
    for line in config.stash[_ENDED]:
        terminalreporter.write_line(line)
    choices = Choices.of(config)
    kept = kept_run(config.rootpath / ".runs", choices) if choices.outlives else None
    if kept is not None:
        terminalreporter.write_line(
            f"Run {kept.run_id} is kept. Use it with --reuse, end it with 'terraform-harness destroy {kept.run_id}'."
        )
