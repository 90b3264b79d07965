"""The folder of a temporary run is removed with it, unless it explains a failure or resources may remain."""

import os

import pytest

from terraform_harness.deployments.store import RunStore


def test_successful_run_leaves_no_folder(store: RunStore) -> None:
    with store.temporary() as run:
        (run.folder / "log").write_text("success")

    assert not run.folder.exists()


def test_failed_run_leaves_its_logs(store: RunStore) -> None:
    with pytest.raises(ZeroDivisionError), store.temporary() as run:
        (run.folder / "log").write_text("failure")
        raise ZeroDivisionError

    assert (run.folder / "log").read_text() == "failure"
    assert store.known() == [run]


def test_failed_run_without_files_leaves_no_folder(store: RunStore) -> None:
    with pytest.raises(ZeroDivisionError), store.temporary():
        raise ZeroDivisionError

    assert [path.name for path in store.folder.iterdir()] == [".gitignore"]


def test_interrupted_clean_run_leaves_no_folder(store: RunStore) -> None:
    with pytest.raises(KeyboardInterrupt), store.temporary() as run:
        (run.folder / "log").write_text("")
        store.mark_clean(run)
        raise KeyboardInterrupt

    assert not run.folder.exists()


def test_interrupted_run_with_resources_keeps_its_folder(store: RunStore) -> None:
    with pytest.raises(KeyboardInterrupt), store.temporary() as run:
        applied = store.update(run, applied=True)
        raise KeyboardInterrupt

    assert store.known() == [applied]


def test_successful_run_with_resources_keeps_its_folder(store: RunStore) -> None:
    with store.temporary() as run:
        applied = store.update(run, applied=True)

    assert store.known() == [applied]


def test_clean_run_leaves_no_folder(store: RunStore) -> None:
    with store.temporary() as run:
        store.mark_clean(store.update(run, applied=True))

    assert not run.folder.exists()


def test_run_that_was_handed_over_keeps_its_folder(store: RunStore) -> None:
    with store.temporary() as run:
        store.hand_over(run, os.getpid() + 1)

    assert [kept.run_id for kept in store.known()] == [run.run_id]
