"""The ledger's item for a transaction."""

from collections.abc import Mapping

from .attributes import LARGEST_ITEM, Attribute, attribute, item_size
from .digest import digest
from .errors import RejectedError
from .transaction import Transaction

type Item = Mapping[str, Attribute]


def ledger_item(transaction: Transaction, *, sequence_number: str, processed_at: int) -> Item:
    """Return the item that the ledger keeps; `processed_at` is in epoch milliseconds.

    Raises:
        RejectedError: DynamoDB cannot keep the transaction unchanged in one item.
    """
    transaction_attributes = {
        "transactionId": attribute(transaction.transaction_id),
        "customerId": attribute(transaction.customer_id),
        "amount": attribute(transaction.amount),
        "currency": attribute(transaction.currency),
        "timestamp": {"N": str(transaction.timestamp)},
        "extra": attribute(dict(transaction.extra)),
    }
    item = transaction_attributes | {
        "status": {"S": "processed"},
        "processedAt": {"N": str(processed_at)},
        "digest": {"S": digest(transaction_attributes)},
        "sequenceNumber": {"S": sequence_number},
    }
    size = item_size(item)
    if size > LARGEST_ITEM:
        raise RejectedError(
            "not-storable", f"its item would have {size} bytes, more than the {LARGEST_ITEM} of one item"
        )
    return item
