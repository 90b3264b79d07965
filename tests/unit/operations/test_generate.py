from pathlib import Path

import pytest

from operations.errors import ImpossibleMixError
from operations.generate import generate
from operations.input_file import read_jsonl


def test_the_same_seed_gives_the_same_records() -> None:
    assert generate(50, broken=5, repeats=5, seed=1) == generate(50, broken=5, repeats=5, seed=1)


def test_another_seed_gives_other_transaction_ids() -> None:
    first = {record.transaction_id for record in generate(50, broken=5, repeats=5, seed=1)}

    second = {record.transaction_id for record in generate(50, broken=5, repeats=5, seed=2)}

    assert first.isdisjoint(second)


def test_the_function_would_do_with_each_record_what_is_expected(tmp_path: Path) -> None:
    records = generate(400, broken=24, repeats=40, seed=3)
    one_line_each = [record for record in records if b"\n" not in record.data and b"\0" not in record.data]
    path = tmp_path / "records.jsonl"
    path.write_bytes(b"\n".join(record.data for record in one_line_each))

    read = read_jsonl(path)

    assert len(one_line_each) > 370
    assert [record.expected for record in read] == [record.expected for record in one_line_each]


def test_a_repeat_follows_its_original_under_the_same_partition_key() -> None:
    records = generate(300, broken=0, repeats=100, seed=4)
    keys: dict[str | None, str] = {}

    for record in records:
        if record.expected == "stored":
            keys[record.transaction_id] = record.partition_key
        else:
            assert keys[record.transaction_id] == record.partition_key


@pytest.mark.parametrize(("count", "broken", "repeats"), [(10, 5, 5), (10, -1, 5), (0, 0, 0)])
def test_numbers_that_do_not_add_up_are_an_error(count: int, broken: int, repeats: int) -> None:
    with pytest.raises(ImpossibleMixError) as raised:
        generate(count, broken=broken, repeats=repeats, seed=1)

    assert str(raised.value) == (
        f"Cannot generate {count} transactions of which {broken} are broken and {repeats} are repeats: "
        "ask for at least one more than these together, and for no negative number."
    )
