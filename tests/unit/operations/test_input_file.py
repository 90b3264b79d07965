"""Files of transactions: records with their expected outcomes, and errors that name the line."""

import json
from pathlib import Path

import pytest

from operations.errors import InputFileError
from operations.input_file import read_jsonl
from operations.outgoing import Outgoing

ADVICE = "Give a UTF-8 text file with one transaction on each line."


def line(transaction_id: str, amount: str = "1.00") -> bytes:
    fields = {
        "transactionId": transaction_id,
        "customerId": "ada",
        "amount": amount,
        "currency": "EUR",
        "timestamp": 1_790_000_000_000,
    }
    return json.dumps(fields).encode()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "transactions.jsonl"


def test_each_line_is_an_unchanged_record_of_its_customer(path: Path) -> None:
    path.write_bytes(line("tx-1") + b"\n\n" + line("tx-2") + b"  \n")

    assert read_jsonl(path) == [
        Outgoing(transaction_id="tx-1", data=line("tx-1"), partition_key="ada", expected="stored"),
        Outgoing(transaction_id="tx-2", data=line("tx-2") + b"  ", partition_key="ada", expected="stored"),
    ]


def test_outcome_of_a_line_depends_on_the_lines_before(path: Path) -> None:
    path.write_bytes(b"\n".join([line("tx-1"), line("tx-1", "1"), line("tx-1", "2"), b"{", line("tx-2")]))

    assert [record.expected for record in read_jsonl(path)] == [
        "stored",
        "duplicate",
        "conflicting",
        "rejected",
        "stored",
    ]


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(b"no JSON", id="not JSON"),
        pytest.param(b"[1]", id="a list"),
        pytest.param(b'{"transactionId": "\\ud800", "customerId": "\\udc00"}', id="half surrogate pairs"),
        pytest.param(b"[" * 100_000, id="a very deep list"),
    ],
)
def test_line_that_is_not_a_transaction_has_no_id(path: Path, broken: bytes) -> None:
    path.write_bytes(broken)

    (record,) = read_jsonl(path)

    assert (record.transaction_id, record.data, len(record.partition_key)) == (None, broken, 64)
    assert record.expected == "rejected"


def test_partition_key_is_cut_to_256_characters(path: Path) -> None:
    path.write_bytes(json.dumps({"transactionId": "tx-1", "customerId": "c" * 300}).encode())

    (record,) = read_jsonl(path)

    assert record.partition_key == "c" * 256


def test_line_that_is_not_utf8_is_an_error(path: Path) -> None:
    path.write_bytes(line("tx-1") + b"\n{\xff}\n")

    with pytest.raises(InputFileError) as raised:
        read_jsonl(path)

    assert str(raised.value) == f"Cannot read line 2 of {path}: byte 2 is not UTF-8. {ADVICE}"


def test_missing_file_is_an_error(path: Path) -> None:
    with pytest.raises(InputFileError) as raised:
        read_jsonl(path)

    assert str(raised.value) == f"Cannot read {path}: No such file or directory. {ADVICE}"
