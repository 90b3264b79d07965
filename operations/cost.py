"""Computes the cost of an environment from its synthesized Terraform JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.prices import HOURS_A_MONTH, PRICES

MILLION = 1_000_000
RECORD_KB = 1
GB_A_MILLION = MILLION * RECORD_KB / 1024**2
STANDARD_RETENTION_HOURS = 24
# The only assumed figure: the run time of the function for 1,000 records.
ASSUMED_SECONDS_A_THOUSAND_RECORDS = 5
# The function logs one line of embedded metrics for each batch.
LOG_LINE_KB = 1
CUSTOM_METRICS = 4

type Resources = Mapping[str, Mapping[str, Mapping[str, Any]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """One line of a bill, in US dollars."""

    what: str
    dollars: float


def fixed(resources: Resources) -> list[Cost]:
    """Return the monthly costs of an environment without transactions."""
    return [cost for cost in _fixed(resources) if cost.dollars]


def _fixed(resources: Resources) -> Iterator[Cost]:
    interfaces = [
        endpoint for endpoint in resources["aws_vpc_endpoint"].values() if endpoint["vpc_endpoint_type"] == "Interface"
    ]
    zones = sum(len(endpoint["subnet_ids"]) for endpoint in interfaces)
    yield _hourly("interface endpoints", "interface endpoint", zones)
    (stream,) = resources["aws_kinesis_stream"].values()
    shards = stream.get("shard_count", 0)
    yield _hourly("shards", "shard", shards)
    if stream["retention_period"] > STANDARD_RETENTION_HOURS:
        yield _hourly("shards, retention over 24 hours", "shard, extended retention", shards)
    yield _hourly("on-demand stream", "on-demand stream", 0 if shards else 1)
    yield _monthly("alarms", "alarm", sum(map(_metrics, resources["aws_cloudwatch_metric_alarm"].values())))
    yield _monthly("composite alarm", "composite alarm", len(resources["aws_cloudwatch_composite_alarm"]))
    yield _monthly("custom metrics", "custom metric", CUSTOM_METRICS)
    yield _monthly("dashboard", "dashboard", len(resources["aws_cloudwatch_dashboard"]))
    yield _monthly("key", "key", len(resources["aws_kms_key"]))


def for_a_million(resources: Resources) -> list[Cost]:
    """Return the costs of a million transactions of 1 KB: to process in full batches, and to store for a month."""
    (stream,) = resources["aws_kinesis_stream"].values()
    (function,) = resources["aws_lambda_function"].values()
    (mapping,) = resources["aws_lambda_event_source_mapping"].values()
    (table,) = resources["aws_dynamodb_table"].values()
    batches = MILLION / mapping["batch_size"]
    seconds = MILLION / 1000 * ASSUMED_SECONDS_A_THOUSAND_RECORDS
    (architecture,) = function["architectures"]
    # Without the customer index, the synthesized table has no such block.
    copies = 1 + len(table.get("global_secondary_index", ()))
    per_gb = ("on-demand stream in", "on-demand stream out")
    return [
        Cost(
            what="stream",
            dollars=PRICES["stream put"].dollars
            if stream.get("shard_count")
            else sum(PRICES[direction].dollars for direction in per_gb) * GB_A_MILLION,
        ),
        Cost(what="function, requests", dollars=PRICES["lambda request"].dollars * batches / MILLION),
        Cost(
            what="function, time",
            dollars=PRICES[f"lambda {architecture}"].dollars * seconds * function["memory_size"] / 1024,
        ),
        Cost(what="writes to ledger and index", dollars=PRICES["write"].dollars * copies),
        Cost(what="logs", dollars=PRICES["log"].dollars * batches * LOG_LINE_KB / 1024**2),
        Cost(
            what="kept for a month, recoverable",
            dollars=GB_A_MILLION
            * (copies * PRICES["table storage"].dollars + PRICES["point-in-time recovery"].dollars),
        ),
    ]


def _metrics(alarm: Mapping[str, Any]) -> int:
    """Return the number of metrics of an alarm; AWS charges for each."""
    return sum("metric" in query for query in alarm.get("metric_query", ())) or 1


def _hourly(what: str, price: str, units: int) -> Cost:
    return Cost(what=what, dollars=PRICES[price].dollars * units * HOURS_A_MONTH)


def _monthly(what: str, price: str, units: int) -> Cost:
    return Cost(what=what, dollars=PRICES[price].dollars * units)
