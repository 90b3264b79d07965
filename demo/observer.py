"""Looks into the ledger, the quarantine bucket and the function's log of a deployed pipeline."""

import json
from collections.abc import Iterator

from demo.accounting import Item, Observed
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.probes import Bucket

_REJECTED = "rejected/"
_DEAD_LETTERS = "aws/lambda/"


class Observer:
    """Reads where records are; an object of the bucket is read once, since it never changes."""

    def __init__(self, deployment: Deployment) -> None:
        self._table: str = deployment.output("dynamodb_table_name")
        self._bucket = Bucket(client=deployment.target.client("s3"), name=deployment.output("quarantine_bucket_name"))
        self._log_group: str = deployment.output("cloudwatch_log_group_name")
        self._dynamodb = deployment.target.client("dynamodb")
        self._logs = deployment.target.client("logs")
        self._quarantine: dict[str, str] = {}
        self._dead_letters: set[str] = set()
        self._read: set[str] = set()

    def look(self) -> Observed:
        """What is where now."""
        self._read_new_objects()
        return Observed(
            ledger={item.sequence_number: item for item in self._items()},
            quarantine=dict(self._quarantine),
            dead_letters=frozenset(self._dead_letters),
            duplicates_reported=self._reported("TransactionsDuplicate"),
        )

    def _items(self) -> Iterator[Item]:
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            ProjectionExpression="transactionId, sequenceNumber, processedAt",
            ConsistentRead=True,
        )
        for page in pages:
            for item in page["Items"]:
                yield Item(
                    transaction_id=item["transactionId"]["S"],
                    sequence_number=item["sequenceNumber"]["S"],
                    processed_at=float(item["processedAt"]["N"]),
                )

    def _read_new_objects(self) -> None:
        for key in set(self._bucket.keys()) - self._read:
            content = self._bucket.content(key)
            if key.startswith(_REJECTED):
                self._quarantine[content["record"]["kinesis"]["sequenceNumber"]] = content["code"]
            elif key.startswith(_DEAD_LETTERS):
                # Lambda's documentation shows the event as a text, LocalStack writes it as an object.
                payload = content["payload"]
                event = json.loads(payload) if isinstance(payload, str) else payload
                self._dead_letters |= {record["kinesis"]["sequenceNumber"] for record in event["Records"]}
            self._read.add(key)

    def _reported(self, metric: str) -> int:
        """Sum a metric over the function's own log lines: CloudWatch shows it a minute later, an emulator never."""
        total = 0
        pages = self._logs.get_paginator("filter_log_events").paginate(
            logGroupName=self._log_group, filterPattern=f'"{metric}"'
        )
        for page in pages:
            for event in page["events"]:
                _, brace, rest = event["message"].partition("{")
                if brace and metric in rest:
                    total += json.loads(brace + rest).get(metric, 0)
        return total
