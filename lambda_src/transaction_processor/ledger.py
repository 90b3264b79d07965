"""The ledger: bulk inserts into a DynamoDB table, each on the condition that the transactionId is new.

A PartiQL INSERT has this condition built in, and costs one write unit for an item of 1 KB. BatchWriteItem would
overwrite an existing item. TransactWriteItems costs two write units.

AWS documents that a statement with ReturnValuesOnConditionCheckFailure returns the existing item of a duplicate. Not
every endpoint does: DynamoDB Local does not. The ledger reads the items that were not returned.
https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from .attributes import Attribute
from .errors import ServiceError
from .item import Item
from .outcomes import Rejected, Retry, Stored
from .services import CALL_ERRORS, error_code, retry_call, retry_code

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import BatchStatementResponseTypeDef, KeysAndAttributesTypeDef

# The maximum number of statements in one BatchExecuteStatement.
CALL_LIMIT = 25

_SERVICE = "DynamoDB"
_INVALID = "ValidationException"
_COLUMNS = (
    "transactionId",
    "customerId",
    "amount",
    "currency",
    "timestamp",
    "extra",
    "status",
    "processedAt",
    "digest",
    "sequenceNumber",
)


class Taken:
    """The transactionId of an item is in the ledger already, and DynamoDB did not return the existing item."""


class Existing(NamedTuple):
    """The item that the ledger has already under a transactionId."""

    digest: str
    sequence_number: str
    processed_at: int


type Answer = Stored | Existing | Rejected | Retry
type _Inserted = Stored | Existing | Taken | Rejected | Retry


class Ledger:
    """A DynamoDB table with one item for each transaction."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._statement = f'INSERT INTO "{table}" VALUE {{{", ".join(f"'{column}': ?" for column in _COLUMNS)}}}'

    def insert(self, items: Sequence[Item], has_time: Callable[[], bool] = lambda: True) -> Sequence[Answer]:
        """Try once to insert up to 25 items with different transactionIds; return an answer for each.

        Raises:
            ServiceError: DynamoDB refused the call or each item of it, and a retry cannot help.
        """
        inserted = self._insert(items, has_time)
        # Items that DynamoDB cannot store were rejected before (attributes.py). If it refuses items and accepts none,
        # the cause is the table. The error makes Lambda deliver the records again, and finally to quarantine.
        refused = any(isinstance(result, Rejected) for result in inserted)
        if refused and not any(isinstance(result, Stored | Existing | Taken) for result in inserted):
            raise ServiceError(_SERVICE, _INVALID)
        taken = [item for item, result in zip(items, inserted, strict=True) if isinstance(result, Taken)]
        existing = iter(self._existing(taken))
        return [next(existing) if isinstance(result, Taken) else result for result in inserted]

    def _insert(self, items: Sequence[Item], has_time: Callable[[], bool]) -> Sequence[_Inserted]:
        try:
            response = self._client.batch_execute_statement(
                Statements=[
                    {
                        "Statement": self._statement,
                        "Parameters": [item[column] for column in _COLUMNS],
                        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
                    }
                    for item in items
                ]
            )
        except CALL_ERRORS as error:
            if not isinstance(error, ClientError) or error_code(error) != _INVALID:
                return [retry_call(_SERVICE, error)] * len(items)
            if len(items) == 1:
                return [_rejected(error.response["Error"]["Message"])]
        else:
            return [_inserted(result) for result in response["Responses"]]
        # DynamoDB refuses the whole call because of one item, and does not report its index. Insert the items one by
        # one, so that the others are stored.
        return [self._insert([item], has_time)[0] if has_time() else Retry("OutOfTime") for item in items]

    def _existing(self, items: Sequence[Item]) -> Sequence[Existing | Retry]:
        """Return the ledger's items that have the transactionIds of these items."""
        if not items:
            return []
        request: KeysAndAttributesTypeDef = {
            "Keys": [{"transactionId": item["transactionId"]} for item in items],
            "ConsistentRead": True,
            "ProjectionExpression": "transactionId, digest, sequenceNumber, processedAt",
        }
        try:
            response = self._client.batch_get_item(RequestItems={self._table: request})
        except CALL_ERRORS as error:
            return [retry_call(_SERVICE, error)] * len(items)
        found = {item["transactionId"]["S"]: _from_item(item) for item in response["Responses"][self._table]}
        # An item can be missing because its read was throttled, or because it was deleted after the insert.
        return [found.get(item["transactionId"]["S"], Retry("NotRead")) for item in items]


def _inserted(response: "BatchStatementResponseTypeDef") -> _Inserted:
    match response.get("Error"):
        case None:
            return Stored()
        case {"Code": "DuplicateItem", "Item": existing} if existing:
            return _from_item(existing)
        case {"Code": "DuplicateItem"}:
            return Taken()
        case {"Code": "ValidationError", **rest}:
            return _rejected(str(rest.get("Message")))
        case error:
            return retry_code(_SERVICE, error["Code"])


def _rejected(message: str) -> Rejected:
    return Rejected("not-storable", f"DynamoDB refuses its item: {message}")


def _from_item(item: Mapping[str, Attribute]) -> Existing:
    return Existing(
        digest=item["digest"]["S"],
        sequence_number=item["sequenceNumber"]["S"],
        processed_at=int(item["processedAt"]["N"]),
    )
