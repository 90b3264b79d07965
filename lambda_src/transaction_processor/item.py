"""The ledger item of a transaction."""

from collections.abc import Mapping

from .attributes import MAX_ITEM_BYTES, Attribute, attribute, item_size
from .digest import digest
from .errors import RejectedError
from .transaction import Transaction

type Item = Mapping[str, Attribute]


def ledger_item(transaction: Transaction, *, sequence_number: str, processed_at: int) -> Item:
    """Return the ledger item; `processed_at` is in epoch milliseconds.

    Raises:
        RejectedError: DynamoDB cannot store the transaction unchanged in one item.
    """
    transaction_attributes: dict[str, Attribute] = {
        "transactionId": attribute(transaction.transaction_id),
        "customerId": attribute(transaction.customer_id),
        "amount": attribute(transaction.amount),
        "currency": attribute(transaction.currency),
        "timestamp": {"N": str(transaction.timestamp)},
        "extra": attribute(dict(transaction.extra)),
    }
    item: Item = transaction_attributes | {
        "status": {"S": "processed"},
        "processedAt": {"N": str(processed_at)},
        "digest": {"S": digest(transaction_attributes)},
        "sequenceNumber": {"S": sequence_number},
    }
    size = item_size(item)
    if size > MAX_ITEM_BYTES:
        raise RejectedError("not-storable", f"its item has {size} bytes, and DynamoDB allows {MAX_ITEM_BYTES}")
    return item
