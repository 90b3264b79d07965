"""The store keeps the manifest of a run until the run is clean."""

import json
import os
import shutil
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import pytest

from harness_support.stores import is_clean
from terraform_harness.deployments.errors import RunMissingError
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created

LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}, session="first")


def test_manifest_survives_a_round_trip(store: RunStore, run: Run) -> None:
    assigned = store.assign(run, LOCALSTACK)

    assert store.load("run-1") == assigned
    assert assigned == replace(
        run, target="localstack", place=LOCALSTACK.place, endpoint="http://127.0.0.1:4566", session="first"
    )


def test_run_is_a_value(run: Run) -> None:
    with pytest.raises(FrozenInstanceError):
        run.kept = True  # type: ignore[misc]  # what the test refuses


def test_update_keeps_the_changes_of_other_processes(store: RunStore, run: Run) -> None:
    handed_over = store.hand_over(run, os.getpid() + 1)

    updated = store.update(run, applied=True)

    assert updated == replace(handed_over, applied=True) == store.load("run-1")
    assert run.applied is False


def test_update_writes_the_manifest_of_a_clean_run_again(store: RunStore, run: Run) -> None:
    store.mark_clean(run)

    store.update(run, applied=True)

    assert (store.find("run-1"), is_clean(run)) == (replace(run, applied=True), False)


def test_run_is_clean_until_it_applies_and_after_it_is_marked(store: RunStore, run: Run) -> None:
    before = is_clean(run)
    store.update(run, applied=True)
    applied = is_clean(run)
    store.mark_clean(run)

    assert (before, applied, is_clean(run)) == (True, False, True)


def test_marking_clean_keeps_the_logs(store: RunStore, run: Run) -> None:
    (run.folder / "log").touch()

    store.mark_clean(run)

    assert [path.name for path in run.folder.iterdir()] == ["log"]


def test_record_is_empty_until_it_is_written(store: RunStore, run: Run) -> None:
    before = store.created(run)
    written = store.record(run, Created(lineage="1"))

    assert (before, store.created(run)) == (Created(), written) == (Created(), Created(lineage="1"))


def test_new_runs_have_unique_suffixes(store: RunStore) -> None:
    suffixes = {store.new().suffix for _ in range(20)}

    assert len(suffixes) == 20
    assert all(1 <= len(suffix) <= 20 for suffix in suffixes)


def test_git_ignores_the_runs(store: RunStore, run: Run) -> None:
    assert (store.folder / ".gitignore").read_text() == "*\n"
    assert run.folder.parent == store.folder


def test_missing_run_is_reported_with_the_known_ones(store: RunStore, run: Run) -> None:
    with pytest.raises(RunMissingError) as failure:
        store.load("yesterday")

    assert str(failure.value) == f"Run 'yesterday' does not exist. Runs with leftover resources: {run.run_id}."


@pytest.mark.parametrize("run_id", ["", ".", "..", "../elsewhere", "a/b", "/elsewhere", "-x", "a b", "a\n"])
def test_path_is_not_a_run_id(store: RunStore, run_id: str) -> None:
    with pytest.raises(RunMissingError):
        store.load(run_id)


def test_path_to_a_manifest_elsewhere_is_not_a_run_id(store: RunStore, run: Run) -> None:
    shutil.copytree(run.folder, store.folder.parent / "elsewhere")

    assert store.find("../elsewhere") is None


def test_run_that_vanishes_while_listed_is_skipped(store: RunStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another session removes its folder between the listing of the manifests and their reading."""
    first, second = store.new(run_id="run-1"), store.new(run_id="run-2")
    read = Path.read_text

    def read_and_remove(path: Path) -> str:
        shutil.rmtree(second.folder, ignore_errors=True)
        return read(path)

    monkeypatch.setattr(Path, "read_text", read_and_remove)

    assert store.known() == [first]


def test_store_without_a_folder_has_no_runs(tmp_path: Path) -> None:
    assert RunStore(tmp_path / "none").known() == []


def test_kill_during_write_keeps_the_last_manifest(store: RunStore, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(ZeroDivisionError):
        store.update(run, applied=True)

    assert store.known() == [run]


def test_manifest_is_json_with_every_field(run: Run) -> None:
    content = json.loads((run.folder / "manifest.json").read_text())

    assert content["folder"] == str(run.folder)
    assert content.keys() == set(Run.__dataclass_fields__)
