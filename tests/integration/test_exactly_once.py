"""A transaction is stored once, even if it is sent again."""

from decimal import Decimal

import pytest

from terraform_harness import eventually
from terraform_harness.probes import Bucket, Stream, Table
from tests.integration.budgets import Budgets
from tests.integration.samples import Transaction, encode

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]


def test_transaction_is_stored_unchanged(
    stream: Stream, ledger: Table, transaction: Transaction, budgets: Budgets
) -> None:
    number = stream.put(encode(transaction))

    item = eventually(
        lambda: ledger.item(str(transaction["transactionId"])),
        until=bool,
        what="the transaction is in the ledger",
        within=budgets.record,
    )

    stored = {name: value for name, value in (item or {}).items() if name not in {"processedAt", "digest"}}
    assert stored == {
        "transactionId": transaction["transactionId"],
        "customerId": "customer-1",
        "amount": Decimal("12345678901234567890.123456789"),
        "currency": "EUR",
        "timestamp": Decimal(1795431600000),
        "extra": {"note": "Grüße 🧾"},
        "status": "processed",
        "sequenceNumber": number,
    }


def test_repeat_changes_nothing(stream: Stream, ledger: Table, transaction: Transaction, budgets: Budgets) -> None:
    first_number = stream.put(encode(transaction))
    stream.put(encode(transaction))
    marker = {**transaction, "transactionId": f"after-{transaction['transactionId']}"}
    stream.put(encode(marker))

    eventually(
        lambda: ledger.item(str(marker["transactionId"])),
        until=bool,
        what="the record after the repeat is in the ledger",
        within=budgets.record,
    )

    item = ledger.item(str(transaction["transactionId"])) or {}
    assert item["sequenceNumber"] == first_number


def test_conflict_goes_to_quarantine_and_changes_nothing(
    stream: Stream,
    ledger: Table,
    quarantine: Bucket,
    transaction: Transaction,
    budgets: Budgets,
) -> None:
    first_number = stream.put(encode(transaction))
    conflict_number = stream.put(encode({**transaction, "amount": "1"}))

    rejected = eventually(
        lambda: {one["record"]["kinesis"]["sequenceNumber"]: one["code"] for one in quarantine.contents("rejected/")},
        until=lambda found: conflict_number in found,
        what="the conflicting record is in quarantine",
        within=budgets.record,
    )

    item = ledger.item(str(transaction["transactionId"])) or {}
    assert (rejected[conflict_number], item["sequenceNumber"]) == ("conflict", first_number)
