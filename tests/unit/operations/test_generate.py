"""Generated transactions: reproducible, with the expected outcomes."""

from pathlib import Path

import pytest

from operations.errors import ImpossibleMixError
from operations.generate import generate
from operations.input_file import read_jsonl


def test_same_seed_gives_the_same_records() -> None:
    assert generate(50, broken=5, repeats=5, seed=1) == generate(50, broken=5, repeats=5, seed=1)


def test_other_seed_gives_other_transaction_ids() -> None:
    first = {record.transaction_id for record in generate(50, broken=5, repeats=5, seed=1)}

    second = {record.transaction_id for record in generate(50, broken=5, repeats=5, seed=2)}

    assert first.isdisjoint(second)


def test_expected_outcomes_follow_the_rules_of_the_function(tmp_path: Path) -> None:
    """Records with line breaks or null bytes cannot be lines of a file, and are left out."""
    records = generate(400, broken=24, repeats=40, seed=3)
    one_line_each = [record for record in records if b"\n" not in record.data and b"\0" not in record.data]
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"\n".join(record.data for record in one_line_each))

    read = read_jsonl(path)

    assert len(one_line_each) > 370
    assert [record.expected for record in read] == [record.expected for record in one_line_each]


def test_repeat_follows_its_original_with_the_same_partition_key() -> None:
    records = generate(300, broken=0, repeats=100, seed=4)
    keys: dict[str | None, str] = {}

    for record in records:
        if record.expected == "stored":
            keys[record.transaction_id] = record.partition_key
        else:
            assert keys[record.transaction_id] == record.partition_key


@pytest.mark.parametrize(("count", "broken", "repeats"), [(10, 5, 5), (10, -1, 5), (0, 0, 0)])
def test_impossible_numbers_are_an_error(count: int, broken: int, repeats: int) -> None:
    with pytest.raises(ImpossibleMixError) as raised:
        generate(count, broken=broken, repeats=repeats, seed=1)

    assert str(raised.value) == (
        f"Cannot generate {count} records with {broken} broken ones and {repeats} repeats. "
        "No number may be negative, and at least one record must be neither broken nor a repeat."
    )
