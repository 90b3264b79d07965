"""The pytest plugin, found by its entry point.

A project overrides the fixture `terraform_configuration` and uses the fixture `terraform_deployment`. With
pytest-xdist, the first worker deploys, and the controller destroys after the last test. The plugin is loaded in every
session of an environment: what only a deployment needs is imported where it is used.
"""

import os
from collections.abc import Generator
from contextlib import ExitStack
from typing import Any

import pytest

from terraform_harness.errors import HarnessError
from terraform_harness.plugin import fixtures
from terraform_harness.plugin.failures import NAMESPACES, OF_TESTS, gather_for_test, without_traceback
from terraform_harness.plugin.markers import REQUIRED, add_markers, refuse_without_marker, skip_on_other_targets
from terraform_harness.plugin.options import SHARED_RUN, Options, add_options
from terraform_harness.signals import at_most, cancel_deadline, sigterm_as_interrupt

# ruff: noqa: PLC0415 - what only a deployment needs is imported when it is used

_MESSAGES = pytest.StashKey[list[str]]()
_GUARDS = pytest.StashKey[ExitStack]()
_SHARED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and the ini options."""
    add_options(parser)
    parser.addini(REQUIRED, "require a target marker on each test that uses the target", "bool", default=False)
    parser.addini(NAMESPACES, "the metric namespaces of the project, for evidence", "args", default=[])


# After pytest's own hook for unraisable exceptions, so that ours sees them first.
@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the fixtures, and make SIGTERM, and on AWS the time limit, run the finalizers."""
    config.pluginmanager.register(fixtures, "terraform_harness.fixtures")
    add_markers(config)
    config.stash[_MESSAGES] = []
    guards = config.stash[_GUARDS] = ExitStack()
    guards.enter_context(sigterm_as_interrupt())
    if Options.of(config).target == "aws":
        from terraform_harness.targets.aws import aws_limits

        try:
            guards.enter_context(at_most(aws_limits(os.environ).wall_clock))
        except HarnessError as error:
            raise pytest.UsageError(str(error)) from None


def pytest_unconfigure(config: pytest.Config) -> None:
    """Restore the signal handlers."""
    config.stash[_GUARDS].close()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - a type of pytest-xdist, which may not be installed
    """Pass the run that they share to each worker of pytest-xdist."""
    if _SHARED not in node.config.stash:
        from terraform_harness.deployments.store import RunStore, new_run_id

        options, store = Options.of(node.config), RunStore(node.config.rootpath / ".runs")
        kept = store.last_kept(options.target) if options.reuse else None
        node.config.stash[_SHARED] = kept.run_id if kept else f"{new_run_id()}-shared"
    node.workerinput[SHARED_RUN] = node.config.stash[_SHARED]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip the tests of other targets."""
    skip_on_other_targets(config, items)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test without a required marker before its fixtures deploy anything."""
    refuse_without_marker(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Gather evidence when a test of a deployment fails; the terminal and the JUnit report name its folder."""
    report = yield
    error = call.excinfo.value if call.excinfo else None
    if report.failed and isinstance(error, HarnessError) and not isinstance(error, OF_TESTS):
        # One screen: the traceback through the harness does not help its user.
        report.longrepr = without_traceback(error)
    if report.failed and (folder := gather_for_test(item, call)) is not None:
        # The JUnit report takes the properties of the last report of a test, which come from the item.
        item.user_properties.append(("evidence", str(folder)))
        report.sections.append(("evidence", f"plan, logs, state, alarms and metrics: {folder}"))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Destroy the deployment that the workers shared; fail the session if resources still exist."""
    if _SHARED not in session.config.stash:
        return
    from terraform_harness.deployments.destroy import destroy_run
    from terraform_harness.deployments.store import RunStore

    store, messages = RunStore(session.config.rootpath / ".runs"), session.config.stash[_MESSAGES]
    shared = session.config.stash[_SHARED]
    (store.folder / f"{shared}.lock").unlink(missing_ok=True)
    run = store.find(shared)
    if run is None or Options.of(session.config).outlives_session:
        return
    cancel_deadline()
    try:
        destroy_run(run, on_warning=messages.append)
        messages.append(f"Run {run.run_id} is destroyed. No resources remain.")
    except Exception as error:  # noqa: BLE001 - every leftover must be reported and fail the session
        command = f"terraform-harness destroy {run.run_id}"
        messages.append(f"{error}\nResources of run {run.run_id} may remain. Destroy them with: {command}")
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Report what was destroyed and what was kept."""
    for line in config.stash[_MESSAGES]:
        terminalreporter.write_line(line)
    options = Options.of(config)
    if options.outlives_session:
        from terraform_harness.deployments.store import RunStore

        if (kept := RunStore(config.rootpath / ".runs").last_kept(options.target)) is not None:
            terminalreporter.write_line(
                f"Run {kept.run_id} is kept. Reuse it with --tf-reuse. "
                f"Destroy it with: terraform-harness destroy {kept.run_id}"
            )
