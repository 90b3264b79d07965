"""Compares the latency and throughput of the pipeline with our LocalStack settings and with its defaults.

Both use our executor of functions, because LocalStack's own needs Docker.
"""

import json
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
# LocalStack uses its default for an empty value.
_DEFAULTS = dict.fromkeys(FAST, "")
# A read is quick, so it can repeat at once. A scan of the table takes time that LocalStack needs for the records.
_READ_PAUSE, _SCAN_PAUSE = 0.002, 0.05
# The stubs allow whole seconds only.
_OFTEN: Any = {"Delay": 0.1}


class Pipeline:
    """A stream, the function of the pipeline and a ledger."""

    def __init__(self, localstack: LocalStack) -> None:
        self._kinesis, self._dynamodb = localstack.client("kinesis"), localstack.client("dynamodb")
        self._kinesis.create_stream(StreamName="stream", ShardCount=1)
        self._dynamodb.create_table(
            TableName="ledger",
            KeySchema=[{"AttributeName": "transactionId", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "transactionId", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        localstack.client("s3").create_bucket(Bucket="quarantine")
        self._kinesis.get_waiter("stream_exists").wait(StreamName="stream", WaiterConfig=_OFTEN)
        bundle = localstack.run_directory / "function.zip"
        build(_ROOT / "lambda_src" / "transaction_processor", bundle)
        lambda_ = localstack.client("lambda")
        lambda_.create_function(
            FunctionName="function",
            Runtime="python3.13",
            Handler="transaction_processor.handler.handle",
            Role=_ROLE,
            Code={"ZipFile": bundle.read_bytes()},
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
        lambda_.get_waiter("function_active_v2").wait(FunctionName="function", WaiterConfig=_OFTEN)
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
        """Return the number of transactions in the ledger."""
        pages = self._dynamodb.get_paginator("scan").paginate(TableName="ledger", Select="COUNT")
        return sum(page["Count"] for page in pages)

    def holds(self, transaction_id: str) -> bool:
        """Return whether the transaction is in the ledger."""
        key = {"transactionId": {"S": transaction_id}}
        return "Item" in self._dynamodb.get_item(TableName="ledger", Key=key, ConsistentRead=True)


def measure(overrides: Mapping[str, str]) -> dict[str, float]:
    """Return the seconds of the start, the records per second under load, and the latencies without load."""
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
                _wait_until(lambda: pipeline.count() == 1 + _RECORDS, pause=_SCAN_PAUSE)
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
        _wait_until(lambda: pipeline.holds(str(json.loads(record.data)["transactionId"])), pause=_READ_PAUSE)
        return elapsed()


def _wait_until(reached: Callable[[], bool], *, pause: float) -> None:
    deadline = time.monotonic() + 120
    while not reached():
        if time.monotonic() > deadline:
            raise TimeoutError
        time.sleep(pause)


@contextmanager
def stopwatch() -> Iterator[Callable[[], float]]:
    """Yield a function that returns the seconds since the start of the block."""
    started = time.perf_counter()
    yield lambda: time.perf_counter() - started


def main() -> None:
    """Measure with both settings, and print the results side by side."""
    ours, theirs = measure({}), measure(_DEFAULTS)
    print(f"{'embedded LocalStack':24}{'our settings':>14}{'its defaults':>14}{'ratio':>8}")
    for name, value in ours.items():
        print(f"{name:24}{value:14}{theirs[name]:14}{value / theirs[name]:8.2f}")


if __name__ == "__main__":
    main()
