"""Calls whose parts fail one by one on AWS, although the call as a whole succeeds.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchStatementError.html
https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsResultEntry.html
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from embedded_localstack.faults.call import Answer, Call


@dataclass(frozen=True, kw_only=True)
class Batch:
    """Where the parts of such a call stand in its request and in its answer, and how a throttled one looks."""

    parts: str
    results: str
    throttled: dict[str, Any]
    failure_count: str | None = None


BATCHES = {
    ("dynamodb", "BatchExecuteStatement"): Batch(
        parts="Statements",
        results="Responses",
        throttled={
            "Error": {"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity (a fault)."}
        },
    ),
    ("kinesis", "PutRecords"): Batch(
        parts="Records",
        results="Records",
        throttled={
            "ErrorCode": "ProvisionedThroughputExceededException",
            "ErrorMessage": "Rate exceeded for the shard (a fault).",
        },
        failure_count="FailedRecordCount",
    ),
}


def parts_of(call: Call) -> list[Any]:
    """Return the parts of a batch call; none for any other call."""
    batch = BATCHES.get((call.service, call.operation))
    return json.loads(call.body)[batch.parts] if batch else []


def run_without(call: Call, throttled: Sequence[bool], forward: Callable[[Call], Answer]) -> Answer:
    """Carry out the parts that are not throttled, and answer for all of them."""
    batch = BATCHES[call.service, call.operation]
    request = json.loads(call.body)
    kept = [part for part, out in zip(request[batch.parts], throttled, strict=True) if not out]
    answer = Answer(
        status=200, headers={"Content-Type": "application/x-amz-json-1.1"}, body=b'{"%s": []}' % batch.results.encode()
    )
    if kept:
        answer = forward(replace(call, body=json.dumps({**request, batch.parts: kept}).encode()))
    if answer.status != 200:  # noqa: PLR2004  (HTTP's own number)
        return answer
    document = json.loads(answer.body)
    results = iter(document[batch.results])
    document[batch.results] = [batch.throttled if out else next(results) for out in throttled]
    if batch.failure_count:
        document[batch.failure_count] = document.get(batch.failure_count, 0) + sum(throttled)
    # The checksum that DynamoDB sends is of the body that is no longer there.
    headers = {name: value for name, value in answer.headers.items() if name.lower() != "x-amz-crc32"}
    return replace(answer, headers=headers, body=json.dumps(document).encode())
