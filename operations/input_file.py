"""A file with one transaction on each line, as records to send."""

import json
import re
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from lambda_src.transaction_processor.errors import RejectedError
from lambda_src.transaction_processor.item import ledger_item
from lambda_src.transaction_processor.transaction import parse

from .errors import InputFileError
from .outgoing import Fate, Outgoing

# Kinesis takes partition keys of 1 to 256 characters.
_LONGEST_KEY = 256
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_jsonl(path: Path) -> Sequence[Outgoing]:
    """Return the file's lines as records; empty lines are left out.

    A line goes out exactly as it stands, also if it is no transaction: then it is expected in quarantine. What is
    expected of each follows the function's own rules, and takes the lines to arrive in the order of the file.

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
        expected=_fate(line, digests),
    )


def _fields(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _text(fields: object, name: str) -> str | None:
    value = fields.get(name) if isinstance(fields, dict) else None
    return value if isinstance(value, str) and not _SURROGATE.search(value) else None


def _fate(line: bytes, digests: dict[str, str]) -> Fate:
    try:
        transaction = parse(line)
        digest = ledger_item(transaction, sequence_number="", processed_at=0)["digest"]["S"]
    except RejectedError:
        return "rejected"
    if transaction.transaction_id not in digests:
        digests[transaction.transaction_id] = digest
        return "stored"
    return "duplicate" if digests[transaction.transaction_id] == digest else "conflicting"
