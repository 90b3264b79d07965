"""A run's folder goes with the run, unless something may still be out there."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from terraform_harness.deployments.run import known_runs, load_run, new_run, temporary_run
from terraform_harness.errors import RunMissingError
from terraform_harness.targets.target import Target


def test_a_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    target = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})

    run = new_run(tmp_path, suffix="shop").at(target)

    assert load_run(tmp_path, run.run_id) == run


def test_every_run_has_a_suffix_of_its_own(tmp_path: Path) -> None:
    suffixes = {new_run(tmp_path).suffix for _ in range(20)}

    assert len(suffixes) == 20
    assert all(1 <= len(suffix) <= 20 for suffix in suffixes)


def test_the_tags_name_the_run_and_its_end(tmp_path: Path) -> None:
    run = new_run(tmp_path)

    assert run.tags == {"RunId": run.run_id, "ExpiresAt": run.expires_at, "Environment": run.suffix}


def test_a_run_that_ends_well_leaves_no_folder(tmp_path: Path) -> None:
    with temporary_run(tmp_path) as run:
        (run.folder / "log").write_text("all well")

    assert not run.folder.exists()


def test_a_run_that_fails_leaves_its_folder_to_look_at(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), temporary_run(tmp_path) as run:
        (run.folder / "log").write_text("what happened")
        raise ZeroDivisionError

    assert (run.folder / "log").read_text() == "what happened"
    assert list(known_runs(tmp_path)) == [run]


def test_a_run_that_fails_before_it_wrote_anything_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), temporary_run(tmp_path):
        raise ZeroDivisionError

    assert [path.name for path in tmp_path.iterdir()] == [".gitignore"]


def test_an_interrupted_run_of_which_nothing_is_left_goes_without_a_trace(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), temporary_run(tmp_path) as run:
        (run.folder / "log").write_text("")
        run.settle()
        raise KeyboardInterrupt

    assert not run.folder.exists()


def test_an_interrupted_run_of_which_something_may_be_left_keeps_its_folder(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), temporary_run(tmp_path) as run:
        applied = run.applying()
        raise KeyboardInterrupt

    assert list(known_runs(tmp_path)) == [applied]


def test_a_run_that_ends_well_but_left_something_keeps_its_folder(tmp_path: Path) -> None:
    with temporary_run(tmp_path) as run:
        applied = run.applying()

    assert list(known_runs(tmp_path)) == [applied]


def test_a_run_of_which_nothing_is_left_any_more_goes(tmp_path: Path) -> None:
    with temporary_run(tmp_path) as run:
        run.applying().settle()

    assert not run.folder.exists()


def test_a_run_that_was_handed_over_keeps_its_folder(tmp_path: Path) -> None:
    with temporary_run(tmp_path) as run:
        run.kept_by(os.getpid() + 1)

    assert [kept.run_id for kept in known_runs(tmp_path)] == [run.run_id]


def test_an_unknown_run_is_answered_with_those_there_are(tmp_path: Path) -> None:
    run = new_run(tmp_path)

    with pytest.raises(RunMissingError) as failure:
        load_run(tmp_path, "yesterday")

    assert str(failure.value) == f"There is no run 'yesterday'. Runs that left something: {run.run_id}."


def test_a_run_lives_as_long_as_its_process(tmp_path: Path) -> None:
    assert new_run(tmp_path).is_alive


def test_a_run_whose_process_id_has_gone_to_another_process_is_dead(tmp_path: Path) -> None:
    run = new_run(tmp_path)

    assert not replace(run, started=(run.started or 0) - 60).is_alive


def test_a_run_whose_process_has_ended_is_dead(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        run = new_run(tmp_path).kept_by(process.pid)

    assert not run.is_alive


def test_git_sees_nothing_of_the_runs(tmp_path: Path) -> None:
    new_run(tmp_path)

    assert (tmp_path / ".gitignore").read_text() == "*\n"


def test_a_run_that_is_killed_while_it_writes_its_manifest_leaves_the_last_one_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = new_run(tmp_path)

    def killed(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(ZeroDivisionError):
        run.applying()

    assert list(known_runs(tmp_path)) == [run]


@pytest.mark.parametrize("run_id", ["", ".", "..", "../elsewhere", "a/b", "/elsewhere", "-x", "a b", "a\n"])
def test_path_is_not_a_run_id(tmp_path: Path, run_id: str) -> None:
    with pytest.raises(RunMissingError):
        load_run(tmp_path, run_id)


@pytest.mark.parametrize("name", ["orders-{}", "orders-{}-000000000000", "a-{}-1-{}"])
def test_name_with_the_suffix_is_the_runs(tmp_path: Path, name: str) -> None:
    run = new_run(tmp_path)

    assert run.owns_name(name.replace("{}", run.suffix))


@pytest.mark.parametrize("name", ["orders", "{}", "orders-{}-dlq", "orders-x{}", "orders-{}x"])
def test_name_without_the_suffix_at_its_end_is_not(tmp_path: Path, name: str) -> None:
    run = new_run(tmp_path)

    assert not run.owns_name(name.replace("{}", run.suffix))


def test_suffix_that_others_may_have_shows_nothing(tmp_path: Path) -> None:
    run = new_run(tmp_path, suffix="prod")

    assert not run.owns_name("orders-prod")
