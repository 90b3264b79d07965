"""The example transactions, and the outcome of each line that examples/README.md documents."""

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from operations.input_file import read_jsonl
from operations.outgoing import Outgoing
from tests.unit.lambda_src.fakes import FunctionUnderTest, kinesis_entry

EXAMPLES = Path(__file__).parents[3] / "examples"
ROW = re.compile(r"^\| (\d+)(?:-(\d+))? \|.*\| (stored|duplicate|rejected|conflicting) \|$", re.MULTILINE)


@pytest.fixture(scope="module")
def documented() -> Sequence[str]:
    """The documented outcome of each line, in order."""
    return [
        outcome
        for first, last, outcome in ROW.findall((EXAMPLES / "README.md").read_text(encoding="utf-8"))
        for _ in range(int(first), int(last or first) + 1)
    ]


@pytest.fixture(scope="module")
def outgoing() -> Sequence[Outgoing]:
    """The lines as records to send."""
    return read_jsonl(EXAMPLES / "transactions.jsonl")


def test_readme_documents_the_outcome_of_each_line(documented: Sequence[str]) -> None:
    assert Counter(documented) == {"stored": 135, "duplicate": 20, "conflicting": 15, "rejected": 30}


def test_each_line_has_its_documented_outcome(
    function: FunctionUnderTest, outgoing: Sequence[Outgoing], documented: Sequence[str]
) -> None:
    outcomes: list[str] = []

    for number, record in enumerate(outgoing):
        function.lines.clear()
        function.invoke([kinesis_entry(number, record.data, record.partition_key)])
        outcomes += function.counts.elements()

    assert outcomes == documented


def test_one_batch_of_all_lines_has_the_documented_outcomes(
    function: FunctionUnderTest, outgoing: Sequence[Outgoing], documented: Sequence[str]
) -> None:
    entries = [kinesis_entry(number, record.data, record.partition_key) for number, record in enumerate(outgoing)]

    function.invoke(entries)

    assert function.counts == Counter(documented)


def test_sender_expects_the_documented_outcome_of_each_line(
    outgoing: Sequence[Outgoing], documented: Sequence[str]
) -> None:
    assert [record.expected for record in outgoing] == documented


def test_repeats_and_conflicts_have_the_partition_key_of_their_original(outgoing: Sequence[Outgoing]) -> None:
    originals = {record.transaction_id: record.partition_key for record in outgoing if record.expected == "stored"}

    others = [record for record in outgoing if record.expected in {"duplicate", "conflicting"}]

    assert [record.partition_key for record in others] == [originals[record.transaction_id] for record in others]
