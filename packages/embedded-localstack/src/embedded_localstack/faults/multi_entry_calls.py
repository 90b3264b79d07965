"""API calls with several entries: AWS throttles single entries while the call as a whole succeeds.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from embedded_localstack.faults.call import Call, Response


@dataclass(frozen=True, kw_only=True)
class _Format:
    """The names of the lists of entries and results, and the result of a throttled entry."""

    entries: str
    results: str
    throttled: dict[str, Any]
    failure_count: str | None = None


_FORMATS = {
    ("dynamodb", "BatchExecuteStatement"): _Format(
        entries="Statements",
        results="Responses",
        throttled={
            "Error": {"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity (a fault)."}
        },
    ),
    ("kinesis", "PutRecords"): _Format(
        entries="Records",
        results="Records",
        throttled={
            "ErrorCode": "ProvisionedThroughputExceededException",
            "ErrorMessage": "Rate exceeded for the shard (a fault).",
        },
        failure_count="FailedRecordCount",
    ),
}


def entries_of(call: Call) -> list[Any]:
    """Return the entries of a call; none for an operation without entries."""
    format_ = _FORMATS.get((call.service, call.operation))
    return json.loads(call.body)[format_.entries] if format_ else []


def forward_except(call: Call, throttled: Sequence[bool], forward: Callable[[Call], Response]) -> Response:
    """Forward the entries that are not throttled, and return a response with a result for each entry."""
    format_ = _FORMATS[call.service, call.operation]
    request = json.loads(call.body)
    kept = [entry for entry, out in zip(request[format_.entries], throttled, strict=True) if not out]
    response = Response(
        status=HTTPStatus.OK,
        headers={"Content-Type": "application/x-amz-json-1.1"},
        body=json.dumps({format_.results: []}).encode(),
    )
    if kept:
        response = forward(replace(call, body=json.dumps({**request, format_.entries: kept}).encode()))
    if response.status != HTTPStatus.OK:
        return response
    document = json.loads(response.body)
    results = iter(document[format_.results])
    document[format_.results] = [format_.throttled if out else next(results) for out in throttled]
    if format_.failure_count:
        document[format_.failure_count] = document.get(format_.failure_count, 0) + sum(throttled)
    # DynamoDB's checksum does not match the new body.
    headers = {name: value for name, value in response.headers.items() if name.lower() != "x-amz-crc32"}
    return replace(response, headers=headers, body=json.dumps(document).encode())
