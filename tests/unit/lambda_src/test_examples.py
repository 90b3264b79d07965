import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from operations.input_file import read_jsonl
from operations.outgoing import Outgoing
from tests.unit.lambda_src.fakes import FakeWorld, kinesis_entry

EXAMPLES = Path(__file__).parents[3] / "examples"
ROW = re.compile(r"^\| (\d+)(?:-(\d+))? \|.*\| (stored|duplicate|rejected|conflicting) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def promised() -> Sequence[str]:
    """What the README says of each line, in order."""
    return [
        fate
        for first, last, fate in ROW.findall((EXAMPLES / "README.md").read_text(encoding="utf-8"))
        for _ in range(int(first), int(last or first) + 1)
    ]


@pytest.fixture(scope="module")
def outgoing() -> Sequence[Outgoing]:
    """The lines as records to send."""
    return read_jsonl(EXAMPLES / "transactions.jsonl")


def test_the_readme_says_of_each_line_what_becomes_of_it(promised: Sequence[str]) -> None:
    assert Counter(promised) == {"stored": 135, "duplicate": 20, "conflicting": 15, "rejected": 30}


def test_the_function_does_with_each_line_what_the_readme_says(
    world: FakeWorld, outgoing: Sequence[Outgoing], promised: Sequence[str]
) -> None:
    became: list[str] = []

    for number, record in enumerate(outgoing):
        world.lines.clear()
        world.handle([kinesis_entry(number, record.data, record.partition_key)])
        became += world.counts

    assert became == promised


def test_the_function_does_the_same_with_all_of_them_at_once(
    world: FakeWorld, outgoing: Sequence[Outgoing], promised: Sequence[str]
) -> None:
    world.handle([kinesis_entry(number, record.data, record.partition_key) for number, record in enumerate(outgoing)])

    assert world.counts == Counter(promised)


def test_the_sender_expects_of_each_line_what_the_readme_says(
    outgoing: Sequence[Outgoing], promised: Sequence[str]
) -> None:
    assert [record.expected for record in outgoing] == promised


def test_repeats_and_conflicts_have_the_partition_key_of_their_original(outgoing: Sequence[Outgoing]) -> None:
    stored = {record.transaction_id: record.partition_key for record in outgoing if record.expected == "stored"}

    others = [record for record in outgoing if record.expected in {"duplicate", "conflicting"}]

    assert [record.partition_key for record in others] == [stored[record.transaction_id] for record in others]
