"""The ledger: items inserted in bulk, each only if its transactionId is new.

PartiQL INSERT is conditional by nature and costs one write unit for an item of 1 KB. BatchWriteItem would overwrite
silently, and transactions cost two write units.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from .attributes import Attribute
from .errors import ServiceError, UnavailableError
from .item import Item
from .services import CALL_ERRORS, call_failure, error_code, failure

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        BatchStatementErrorTypeDef,
        BatchStatementResponseTypeDef,
        KeysAndAttributesTypeDef,
    )

# The most statements that one BatchExecuteStatement takes.
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


@dataclass(frozen=True, slots=True)
class Inserted:
    """The item is new in the ledger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Occupied:
    """The ledger already holds an item under this transactionId, and this is what it says of itself."""

    digest: str
    sequence_number: str
    processed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """DynamoDB will never take this item, although it takes others."""

    reason: str


type Answer = Inserted | Occupied | Refused | UnavailableError


class Ledger:
    """A DynamoDB table with one item for each transaction."""

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        self._client = client
        self._table = table
        self._statement = f'INSERT INTO "{table}" VALUE {{{", ".join(f"'{column}': ?" for column in _COLUMNS)}}}'

    def insert(self, items: Sequence[Item], time_is_left: Callable[[], bool] = lambda: True) -> Sequence[Answer]:
        """Try once to insert up to 25 items with different transactionIds; return an answer for each.

        Raises:
            ServiceError: DynamoDB refused the call in a way that no retry mends, or took none of the items.
        """
        answers = self._insert_once(items, time_is_left)
        # What DynamoDB cannot keep was rejected before (attributes.py). Where it takes no item at all, the table is to
        # blame and not the items: an error is counted, and their records are delivered again and in the end kept whole.
        if any(isinstance(answer, Refused) for answer in answers) and not any(map(_is_taken, answers)):
            raise ServiceError(_SERVICE, _INVALID)
        occupants = iter(self._occupants([item for item, answer in zip(items, answers, strict=True) if answer is None]))
        return [next(occupants) if answer is None else answer for answer in answers]

    def _insert_once(self, items: Sequence[Item], time_is_left: Callable[[], bool]) -> Sequence[Answer | None]:
        """Return an answer for each item, None where its id is taken."""
        try:
            responses = self._execute(items)
        except UnavailableError as unavailable:
            return [unavailable] * len(items)
        except _InvalidCallError as invalid:
            # One item that DynamoDB refuses spoils the call for all: find it, so that the others are stored.
            if len(items) == 1:
                return [Refused(reason=str(invalid))]
            late = UnavailableError("The invocation", "OutOfTime")
            return [self._insert_once([item], time_is_left)[0] if time_is_left() else late for item in items]
        return [_inserted(response) for response in responses]

    def _occupants(self, items: Sequence[Item]) -> Sequence[Occupied | UnavailableError]:
        """Return what the ledger holds under the ids of these items."""
        if not items:
            return []
        try:
            found = self._read([item["transactionId"] for item in items])
        except UnavailableError as unavailable:
            return [unavailable] * len(items)
        # Not found: the read was throttled, or someone deleted the item between the two calls. Either passes.
        missing = UnavailableError(_SERVICE, "NotRead")
        return [found.get(item["transactionId"]["S"], missing) for item in items]

    def _read(self, ids: Sequence[Attribute]) -> Mapping[str, Occupied]:
        request: KeysAndAttributesTypeDef = {
            "Keys": [{"transactionId": id_} for id_ in ids],
            "ConsistentRead": True,
            "ProjectionExpression": "transactionId, digest, sequenceNumber, processedAt",
        }
        try:
            response = self._client.batch_get_item(RequestItems={self._table: request})
        except CALL_ERRORS as error:
            raise call_failure(_SERVICE, error) from None
        return {
            found["transactionId"]["S"]: Occupied(
                digest=found["digest"]["S"],
                sequence_number=found["sequenceNumber"]["S"],
                processed_at=int(found["processedAt"]["N"]),
            )
            for found in response["Responses"][self._table]
        }

    def _execute(self, items: Sequence[Item]) -> "Sequence[BatchStatementResponseTypeDef]":
        try:
            response = self._client.batch_execute_statement(
                Statements=[
                    {"Statement": self._statement, "Parameters": [item[column] for column in _COLUMNS]}
                    for item in items
                ]
            )
        except CALL_ERRORS as error:
            if isinstance(error, ClientError) and error_code(error) == _INVALID:
                raise _InvalidCallError(error.response["Error"]["Message"]) from None
            raise call_failure(_SERVICE, error) from None
        return response["Responses"]


class _InvalidCallError(Exception):
    """DynamoDB found one of the statements of a call invalid, and did not say which."""


def _is_taken(answer: Answer | None) -> bool:
    """Whether the table holds an item under this id, and so is fit for such items."""
    return answer is None or isinstance(answer, Inserted)


def _inserted(response: "BatchStatementResponseTypeDef") -> Answer | None:
    match response.get("Error"):
        case None:
            return Inserted()
        case {"Code": "DuplicateItem"}:
            return None
        case {"Code": "ValidationError", **rest}:
            return Refused(reason=str(rest.get("Message")))
        case error:
            return _unavailable(error)


def _unavailable(error: "BatchStatementErrorTypeDef") -> UnavailableError:
    outcome = failure(_SERVICE, error["Code"])
    if isinstance(outcome, ServiceError):
        raise outcome
    return outcome
