"""A run's folder goes with the run, unless something may still be out there."""

import os
from pathlib import Path

import pytest

from harness.errors import RunMissingError
from harness.runs import known_runs, load_run, new_run, temporary_run


def test_a_manifest_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    run = new_run(tmp_path, suffix="shop").at("http://127.0.0.1:4566")

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

    assert list(tmp_path.iterdir()) == []


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
