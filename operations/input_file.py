"""Reads a file with one transaction on each line into records to send."""

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.item import ledger_item
from lambda_src.transaction_processor.transaction import parse
from operations.errors import InputFileError
from operations.outgoing import Outcome, Outgoing

# Kinesis accepts partition keys of 1 to 256 characters.
_LONGEST_KEY = 256
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_jsonl(path: Path) -> Sequence[Outgoing]:
    """Return one record for each line that is not empty.

    The data of a record is the unchanged line. A line that is not a transaction is expected to be rejected. The
    expected outcomes follow the rules of the function, for lines that arrive in the order of the file.

    Raises:
        InputFileError: The file cannot be read, or a line is not UTF-8.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except OSError as error:
        raise InputFileError(path, error.strerror or str(error)) from error
    digests: dict[str, str] = {}
    return [_outgoing(path, number, line, digests) for number, line in enumerate(lines, start=1) if line.strip()]


def _outgoing(path: Path, number: int, line: bytes, digests: dict[str, str]) -> Outgoing:
    try:
        text = line.decode()
    except UnicodeDecodeError as error:
        raise InputFileError(path, f"byte {error.start + 1} is not UTF-8", line=number) from error
    fields = _fields(text)
    return Outgoing(
        transaction_id=_text(fields, "transactionId"),
        data=line,
        partition_key=(_text(fields, "customerId") or sha256(line).hexdigest())[:_LONGEST_KEY],
        expected=_outcome(line, digests),
    )


def _fields(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(fields: object, name: str) -> str | None:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, str) and not _SURROGATE.search(value) else None


def _outcome(line: bytes, digests: dict[str, str]) -> Outcome:
    try:
        transaction = parse(line)
        digest = ledger_item(transaction, sequence_number="", processed_at=0)["digest"]["S"]
    except RejectedError:
        return "rejected"
    if transaction.transaction_id not in digests:
        digests[transaction.transaction_id] = digest
        return "stored"
    return "duplicate" if digests[transaction.transaction_id] == digest else "conflicting"
