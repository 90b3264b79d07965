"""A developer's files, state and resources are the same after a session, however it ends and whatever the backend."""

import signal
from collections.abc import Callable, Iterator

import pytest

from harness_support.developers import LAYOUTS, DevelopersProject
from terraform_harness.deployments.run import Run
from terraform_harness.polling import eventually
from terraform_harness.targets.target import Target

WITHIN_SECONDS = 120

pytestmark = pytest.mark.localstack("a developer's resources must stand on the same target")


@pytest.fixture
def project(request: pytest.FixtureRequest, pytester: pytest.Pytester, target: Target) -> Iterator[DevelopersProject]:
    project = DevelopersProject(pytester.path, LAYOUTS[request.param], target)
    yield project
    project.clean_up()


EACH_LAYOUT = pytest.mark.parametrize("project", LAYOUTS, indirect=True)
APPLIED = [name for name, layout in LAYOUTS.items() if layout.is_applied]


def applied_layouts(*quick: str) -> pytest.MarkDecorator:
    """Each layout that the developer has applied; `make test` takes the quick ones."""
    marked = [pytest.param(name, marks=[pytest.mark.slow] * (name not in quick)) for name in APPLIED]
    return pytest.mark.parametrize("project", marked, indirect=True)


@EACH_LAYOUT
def test_green_session_touches_nothing(project: DevelopersProject) -> None:
    files, buckets = project.files(), project.buckets()

    output, code = ended(project, "-k", "green")

    assert (code, "1 passed" in output) == (0, True), output
    assert (project.files(), project.buckets(), project.runs()) == (files, buckets, [])


@applied_layouts("repository root")
def test_failed_session_touches_nothing(project: DevelopersProject) -> None:
    files, buckets = project.files(), project.buckets()

    output, code = ended(project, "-k", "failed")

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


@pytest.mark.parametrize("during", ["apply", "test"])
@applied_layouts("live state beside it")
def test_destroy_after_kill_touches_nothing(project: DevelopersProject, during: str) -> None:
    files, buckets = project.files(), project.buckets()

    with project.session("-k", "endless") as session:
        wait_for_apply(project) if during == "apply" else wait_for_test(project)
        session.kill()
    (killed,) = project.runs()
    destroyed = project.run_command("destroy", killed.run_id)

    assert destroyed.stdout.splitlines()[-1:] == [f"Nothing of run {killed.run_id} is left."], destroyed.stderr
    assert (project.files(), project.buckets(), project.runs()) == (files, buckets, [])


def ended(project: DevelopersProject, *arguments: str) -> tuple[str, int]:
    """The output and the exit code of a session."""
    with project.session(*arguments) as session:
        output, _ = session.communicate(timeout=WITHIN_SECONDS)
    return output, session.returncode


def wait_for_apply(project: DevelopersProject) -> None:
    wait(project, what="an apply is under way", done=lambda run: run.applied)


def wait_for_test(project: DevelopersProject) -> None:
    wait(project, what="the stack is deployed", done=lambda run: (run.folder / "after-apply.json").exists())


def wait(project: DevelopersProject, *, what: str, done: Callable[[Run], bool]) -> None:
    eventually(
        lambda: [done(run) for run in project.runs()],
        until=lambda reached: reached == [True],
        what=what,
        within=WITHIN_SECONDS,
    )
