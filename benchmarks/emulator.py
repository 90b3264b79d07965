"""How fast a record gets from the stream into the ledger: our settings of LocalStack beside its own.

Both use the same executor of functions, because LocalStack's own needs Docker.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import boto3

from embedded_localstack import LocalStack
from embedded_localstack.settings import FAST
from modules.processor.bundle import build
from operations.generate import generate
from operations.outgoing import Outgoing
from terraform_harness.polling import eventually

_RECORDS = 1000
_SINGLES = 40
_ROOT = Path(__file__).parents[1]
_ROLE = "arn:aws:iam::000000000000:role/benchmark"
# An empty value makes LocalStack take its default.
_DEFAULTS = dict.fromkeys(FAST, "")


class Pipeline:
    """The pipeline's function between a stream and a ledger, without everything around them."""

    def __init__(self, localstack: LocalStack) -> None:
        session = boto3.Session(
            aws_access_key_id=localstack.environment["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=localstack.environment["AWS_SECRET_ACCESS_KEY"],
            region_name=localstack.environment["AWS_REGION"],
        )
        client: Callable[..., Any] = partial(session.client, endpoint_url=localstack.endpoint_url)
        self._kinesis, self._dynamodb = client("kinesis"), client("dynamodb")
        self._kinesis.create_stream(StreamName="stream", ShardCount=1)
        self._dynamodb.create_table(
            TableName="ledger",
            KeySchema=[{"AttributeName": "transactionId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "transactionId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        client("s3").create_bucket(Bucket="quarantine")
        self._kinesis.get_waiter("stream_exists").wait(StreamName="stream", WaiterConfig={"Delay": 0.1})
        bundle = build(_ROOT / "lambda_src" / "transaction_processor", localstack.run_directory / "function.zip")
        lambda_ = client("lambda")
        lambda_.create_function(
            FunctionName="function",
            Runtime="python3.13",
            Handler="transaction_processor.handler.handle",
            Role=_ROLE,
            Code={"ZipFile": bundle.path.read_bytes()},
            Environment={
                "Variables": {
                    "LEDGER_TABLE": "ledger",
                    "QUARANTINE_BUCKET": "quarantine",
                    "QUARANTINE_OWNER": "000000000000",
                }
            },
            MemorySize=1024,
            Timeout=60,
        )
        lambda_.get_waiter("function_active_v2").wait(FunctionName="function", WaiterConfig={"Delay": 0.1})
        lambda_.create_event_source_mapping(
            FunctionName="function",
            EventSourceArn=self._kinesis.describe_stream_summary(StreamName="stream")["StreamDescriptionSummary"][
                "StreamARN"
            ],
            StartingPosition="TRIM_HORIZON",
            BatchSize=500,
            FunctionResponseTypes=["ReportBatchItemFailures"],
        )

    def put(self, records: list[Outgoing]) -> None:
        """Put up to 500 records in one call."""
        self._kinesis.put_records(
            StreamName="stream",
            Records=[{"Data": record.data, "PartitionKey": record.partition_key} for record in records],
        )

    def count(self) -> int:
        """Return how many transactions are in the ledger."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName="ledger", Select="COUNT")
        return sum(page["Count"] for page in pages)

    def holds(self, transaction_id: str) -> bool:
        """Tell whether the transaction is in the ledger."""
        key = {"transactionId": {"S": transaction_id}}
        return "Item" in self._dynamodb.get_item(TableName="ledger", Key=key, ConsistentRead=True)


def measure(overrides: Mapping[str, str]) -> dict[str, float]:
    """Return seconds to start, records a second from the first put to the last item, and latencies when idle."""
    records = list(generate(1 + _RECORDS + _SINGLES, broken=0, repeats=0, seed=1))
    with tempfile.TemporaryDirectory() as folder:
        localstack = LocalStack(Path(folder), services=["dynamodb", "kinesis", "lambda"], overrides=overrides)
        with stopwatch() as start, localstack:
            start_seconds = start()
            pipeline = Pipeline(localstack)
            pipeline.put(records[:1])
            eventually(pipeline.count, until=bool, what="the function is warm", within=60)
            with stopwatch() as elapsed:
                pipeline.put(records[1:501])
                pipeline.put(records[501 : 1 + _RECORDS])
                _wait_until(lambda: pipeline.count() == 1 + _RECORDS)
                drain_seconds = elapsed()
            latencies = sorted(_latency(pipeline, record) for record in records[1 + _RECORDS :])
    return {
        "start_seconds": round(start_seconds, 2),
        "records_per_second": round(_RECORDS / drain_seconds, 1),
        "latency_p50_ms": round(statistics.median(latencies) * 1000),
        "latency_p95_ms": round(statistics.quantiles(latencies, n=20)[-1] * 1000),
        "latency_max_ms": round(latencies[-1] * 1000),
    }


def _latency(pipeline: Pipeline, record: Outgoing) -> float:
    with stopwatch() as elapsed:
        pipeline.put([record])
        _wait_until(lambda: pipeline.holds(str(json.loads(record.data)["transactionId"])))
        return elapsed()


def _wait_until(reached: Callable[[], bool]) -> None:
    """Look again and again without a pause that would show in the measurement."""
    deadline = time.monotonic() + 120
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(0.002)


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """Yield a function that tells the seconds since now."""
    started = time.perf_counter()
    yield lambda: time.perf_counter() - started


def main() -> None:
    """Measure both and print them side by side."""
    ours, theirs = measure({}), measure(_DEFAULTS)
    print(f"{'embedded LocalStack':24}{'our settings':>14}{'its defaults':>14}{'ratio':>8}")
    for name, value in ours.items():
        print(f"{name:24}{value:14}{theirs[name]:14}{value / theirs[name]:8.2f}")


if __name__ == "__main__":
    main()
