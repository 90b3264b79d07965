"""A developer's files, state and resources are the same after a session, however it ends and whatever the backend."""

import signal
from collections.abc import Callable, Iterator

import pytest

from harness_support.developers import LAYOUTS, DevelopersProject
from terraform_harness.deployments.run import Run
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Target

WITHIN_SECONDS = 120

pytestmark = pytest.mark.localstack("a developer's resources must exist on the same target")


@pytest.fixture(scope="module")
def project(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, target: Target
) -> Iterator[DevelopersProject]:
    """A project of this layout: each test finds it, and must leave it, as the developer has applied it."""
    project = DevelopersProject(tmp_path_factory.mktemp("developer") / "project", LAYOUTS[request.param], target)
    yield project
    project.clean_up()


EACH_LAYOUT = pytest.mark.parametrize("project", LAYOUTS, indirect=True)
APPLIED = [name for name, layout in LAYOUTS.items() if layout.is_applied]


def applied_layouts(quick: str) -> pytest.MarkDecorator:
    """Mark each layout that the developer has applied; all but one are slow."""
    marked = [pytest.param(name, marks=[pytest.mark.slow] * (name != quick)) for name in APPLIED]
    return pytest.mark.parametrize("project", marked, indirect=True)


@EACH_LAYOUT
def test_green_session_touches_nothing(project: DevelopersProject) -> None:
    files, buckets = project.files(), project.buckets()

    output, code = finished(project, "-k", "green")

    assert (code, "1 passed" in output) == (0, True), output
    assert (project.files(), project.buckets(), project.runs()) == (files, buckets, [])


@applied_layouts("repository root")
def test_failed_session_touches_nothing(project: DevelopersProject) -> None:
    files, buckets = project.files(), project.buckets()

    output, code = finished(project, "-k", "failed")

    assert (code, "1 failed" in output) == (1, True), output
    assert (project.files(), project.buckets(), project.runs()) == (files, buckets, [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@applied_layouts("repository root")
def test_interrupted_session_touches_nothing(project: DevelopersProject, number: signal.Signals) -> None:
    files, buckets = project.files(), project.buckets()

    with project.session("-k", "endless", start_new_session=True) as session:
        wait_for_test(project)
        session.send_signal(number)
        output, _ = session.communicate(timeout=WITHIN_SECONDS)

    assert session.returncode == pytest.ExitCode.INTERRUPTED, output
    assert (project.files(), project.buckets(), project.runs()) == (files, buckets, [])


@applied_layouts("live state beside it")
def test_destroy_after_kill_in_apply_touches_nothing(project: DevelopersProject) -> None:
    destroy_after_kill(project, wait_for_apply)


@applied_layouts("repository root")
def test_destroy_after_kill_in_a_test_touches_nothing(project: DevelopersProject) -> None:
    destroy_after_kill(project, wait_for_test)


def destroy_after_kill(project: DevelopersProject, wait: Callable[[DevelopersProject], None]) -> None:
    files, buckets = project.files(), project.buckets()

    with project.session("-k", "endless") as session:
        wait(project)
        session.kill()
    (killed,) = project.runs()
    destroyed = project.run_command("destroy", killed.run_id)

    last_line = f"Run {killed.run_id} is destroyed. No resources remain."
    assert destroyed.stdout.splitlines()[-1:] == [last_line], destroyed.stderr
    assert (project.files(), project.buckets(), project.runs()) == (files, buckets, [])


def finished(project: DevelopersProject, *arguments: str) -> tuple[str, int]:
    """Run a session; return its output and its exit code."""
    with project.session(*arguments) as session:
        output, _ = session.communicate(timeout=WITHIN_SECONDS)
    return output, session.returncode


def wait_for_apply(project: DevelopersProject) -> None:
    wait_until(project, what="an apply is running", done=lambda run: run.applied)


def wait_for_test(project: DevelopersProject) -> None:
    wait_until(project, what="the stack is deployed", done=lambda run: (run.folder / "after-apply.json").exists())


def wait_until(project: DevelopersProject, *, what: str, done: Callable[[Run], bool]) -> None:
    eventually(
        lambda: [done(run) for run in project.runs()],
        until=lambda reached: reached == [True],
        what=what,
        within=WITHIN_SECONDS,
    )
