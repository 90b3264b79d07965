"""Looks into the ledger, the quarantine bucket and the function's metrics of a deployed pipeline."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from harness.demo.accounting import Item, Observed
from harness.deployment import Deployment

_REJECTED = "rejected/"
_DEAD_LETTERS = "aws/lambda/"
_NAMESPACE = "TransactionPipeline"


class Observer:
    """Reads where records are; an object of the bucket is read once, since it never changes."""

    def __init__(self, deployment: Deployment) -> None:
        self._table: str = deployment.output("dynamodb_table_name")
        self._bucket: str = deployment.output("quarantine_bucket_name")
        self._function: str = deployment.output("lambda_function_name")
        self._dynamodb = deployment.target.client("dynamodb")
        self._s3 = deployment.target.client("s3")
        self._cloudwatch = deployment.target.client("cloudwatch")
        self._since = datetime.now(UTC) - timedelta(minutes=1)
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
        for page in self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket):
            for key in {entry["Key"] for entry in page.get("Contents", [])} - self._read:
                content = json.loads(self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read())
                if key.startswith(_REJECTED):
                    self._quarantine[content["record"]["kinesis"]["sequenceNumber"]] = content["code"]
                elif key.startswith(_DEAD_LETTERS):
                    records = json.loads(content["payload"])["Records"]
                    self._dead_letters |= {record["kinesis"]["sequenceNumber"] for record in records}
                self._read.add(key)

    def _total(self, metric: str) -> int:
        answer = self._cloudwatch.get_metric_statistics(
            Namespace=_NAMESPACE,
            MetricName=metric,
            Dimensions=[{"Name": "FunctionName", "Value": self._function}],
            StartTime=self._since,
            EndTime=datetime.now(UTC) + timedelta(minutes=1),
            Period=60,
            Statistics=["Sum"],
        )
        return int(sum(point["Sum"] for point in answer["Datapoints"]))
