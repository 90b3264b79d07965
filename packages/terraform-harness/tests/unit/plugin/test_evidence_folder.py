"""The folder of a test's evidence has the name of the test, within the limit of file systems, and is unique."""

import re

import pytest

from terraform_harness.plugin.evidence import folder_name


@pytest.mark.parametrize(
    ("nodeid", "name"),
    [
        ("test_wrong.py::test_something_else_is_expected", "test-wrong-py-test-something-else-is-expected"),
        ("tests/integration/test_storms.py::test_a_storm", "tests-integration-test-storms-py-test-a-storm"),
        ("tests/test_a.py::TestThat::test_it", "tests-test-a-py-TestThat-test-it"),
        ("test_a.py::test_it[one two]", "test-a-py-test-it-one-two-f4f85fa7"),
        ("test_a.py::test_it[one-two]", "test-a-py-test-it-one-two-1d8f6a50"),
        ("test_a.py::test__it", "test-a-py-test-it-ec009022"),
        ("äöü", "bc329dbf"),
    ],
)
def test_plain_id_is_readable_and_others_end_in_a_digest(nodeid: str, name: str) -> None:
    assert folder_name(nodeid) == name


def test_ids_that_differ_in_punctuation_have_their_own_folders() -> None:
    ids = [f"test_a.py::test_it{rest}" for rest in ("_1", "[1]", "[-1]", "[1.]", "[+1]", "[ 1]", "__1")]

    assert len({folder_name(nodeid) for nodeid in ids}) == len(ids)


def test_long_ids_that_differ_at_their_end_have_their_own_folders() -> None:
    ids = [f"test_a.py::test_it[{'x' * 1000}{end}]" for end in "ab"]

    first, second = map(folder_name, ids)

    assert first != second
    assert re.sub("[0-9a-f]{8}$", "", first) == re.sub("[0-9a-f]{8}$", "", second)


@pytest.mark.parametrize("length", [1, 130, 131, 1000])
def test_name_is_within_the_limit_of_file_systems(length: int) -> None:
    name = folder_name(f"test_a.py::test_it_{'x' * length}")

    assert len(name) == min(length + 18, 150)
