"""Transactions to send."""

import json
from uuid import uuid4

type Transaction = dict[str, object]


def new_transaction() -> Transaction:
    """Return a new transaction, with a number and a text that careless code would change."""
    return {
        "transactionId": f"tx-{uuid4()}",
        "customerId": "customer-1",
        "amount": "12345678901234567890.123456789",
        "currency": "EUR",
        "timestamp": "2026-11-23T12:00:00+01:00",
        "note": "Grüße 🧾",
    }


def encode(transaction: Transaction) -> bytes:
    """Return the data of a record with the transaction."""
    return json.dumps(transaction).encode()
