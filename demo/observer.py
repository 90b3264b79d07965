"""Reads the ledger, the quarantine bucket and the function's log of a deployed pipeline."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from demo.accounting import Item, Observed
from modules.naming import LAMBDA_PREFIX, REJECTED_PREFIX
from operations.quarantine import records_of
from terraform_harness import Deployment
from terraform_harness.probes import Bucket

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_logs import CloudWatchLogsClient


class Observer:
    """Finds the records in a deployed pipeline; each object in the bucket is read once, since it does not change."""

    def __init__(self, deployment: Deployment) -> None:
        self._table: str = deployment.output("dynamodb_table_name")
        self._bucket = Bucket(client=deployment.target.client("s3"), name=deployment.output("quarantine_bucket_name"))
        self._log_group: str = deployment.output("cloudwatch_log_group_name")
        self._dynamodb: DynamoDBClient = deployment.target.client("dynamodb")
        self._logs: CloudWatchLogsClient = deployment.target.client("logs")
        self._quarantine: dict[str, str] = {}
        self._dead_letters: set[str] = set()
        self._read: set[str] = set()

    def observe(self) -> Observed:
        """Return the records that are in each place now."""
        self._read_new_objects()
        return Observed(
            ledger={item.sequence_number: item for item in self._items()},
            quarantine=dict(self._quarantine),
            dead_letters=frozenset(self._dead_letters),
            duplicates_reported=self._total("TransactionsDuplicate"),
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
            if key.startswith(REJECTED_PREFIX):
                self._quarantine |= {record.sequence_number: content["code"] for record in records_of(content)}
            elif key.startswith(LAMBDA_PREFIX):
                self._dead_letters |= {record.sequence_number for record in records_of(content)}
            self._read.add(key)

    def _total(self, metric: str) -> int:
        """Return the sum of a metric over the log lines: CloudWatch has it a minute later, an emulator may not."""
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
