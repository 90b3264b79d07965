"""Computes the cost of an environment from its synthesized Terraform JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from operations.capacity import UTILIZATION_PERCENT, invocation_seconds, write_units
from operations.prices import HOURS_A_MONTH, PRICES

MILLION = 1_000_000
SECONDS_AN_HOUR = 3600
SECONDS_A_MONTH = HOURS_A_MONTH * SECONDS_AN_HOUR
RECORD_KB = 1
GB_A_MILLION = MILLION * RECORD_KB / 1024**2
STANDARD_RETENTION_HOURS = 24
# The line of embedded metrics has 0.7 KB. Lambda adds the lines of start and report.
LOG_KB_AN_INVOCATION = 2
CUSTOM_METRICS = 4
# AlarmHigh, AlarmLow, ProvisionedCapacityHigh and ProvisionedCapacityLow, as in imported state of tables on AWS. The
# guide does not list them: docs.aws.amazon.com/amazondynamodb/latest/developerguide/AutoScaling.html
ALARMS_A_SCALING_TARGET = 4
# An on-demand stream starts with the throughput of four shards.
# docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
ON_DEMAND_SHARDS = 4

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
    yield from _provisioned_ledger(resources)
    yield _monthly("alarms", "alarm", sum(map(_metrics, resources["aws_cloudwatch_metric_alarm"].values())))
    yield _monthly("composite alarm", "composite alarm", len(resources["aws_cloudwatch_composite_alarm"]))
    yield _monthly("custom metrics", "custom metric", CUSTOM_METRICS)
    yield _monthly("dashboard", "dashboard", len(resources["aws_cloudwatch_dashboard"]))
    yield _monthly("key", "key", len(resources["aws_kms_key"]))


def _provisioned_ledger(resources: Resources) -> Iterator[Cost]:
    """Yield the costs of the minimum capacity of a provisioned ledger and its index, and of its auto scaling."""
    (table,) = resources["aws_dynamodb_table"].values()
    stores = [table, *table.get("global_secondary_index", ())]
    for operation in ("write", "read"):
        units = sum(store.get(f"{operation}_capacity", 0) for store in stores)
        yield _hourly(f"provisioned {operation}s", f"provisioned {operation}", units)
    targets = len(resources.get("aws_appautoscaling_target", ()))
    yield _monthly("alarms of auto scaling", "alarm", targets * ALARMS_A_SCALING_TARGET)


def for_a_million(resources: Resources) -> list[Cost]:
    """Return the costs of a million transactions of 1 KB: to process in full batches, and to store for a month."""
    (mapping,) = resources["aws_lambda_event_source_mapping"].values()
    return for_transactions(resources, transactions=MILLION, invocations=MILLION / mapping["batch_size"])


def for_transactions(resources: Resources, *, transactions: int, invocations: float) -> list[Cost]:
    """Return the costs of transactions of 1 KB: to process with these invocations, and to store for a month.

    The writes to a provisioned ledger are part of the fixed costs.
    """
    (stream,) = resources["aws_kinesis_stream"].values()
    (function,) = resources["aws_lambda_function"].values()
    (table,) = resources["aws_dynamodb_table"].values()
    millions = transactions / MILLION
    seconds = invocations * invocation_seconds(transactions / invocations)
    (architecture,) = function["architectures"]
    copies = _copies(table)
    per_gb = ("on-demand stream in", "on-demand stream out")
    stream_price = (
        PRICES["stream put"].dollars
        if stream.get("shard_count")
        else sum(PRICES[direction].dollars for direction in per_gb) * GB_A_MILLION
    )
    gb_month = copies * PRICES["table storage"].dollars + PRICES["point-in-time recovery"].dollars
    write = Cost(what="writes to ledger and index", dollars=PRICES["write"].dollars * copies * millions)
    return [
        Cost(what="stream", dollars=stream_price * millions),
        Cost(what="function, requests", dollars=PRICES["lambda request"].dollars * invocations / MILLION),
        Cost(
            what="function, time",
            dollars=PRICES[f"lambda {architecture}"].dollars * seconds * function["memory_size"] / 1024,
        ),
        *([] if "write_capacity" in table else [write]),
        Cost(what="logs", dollars=PRICES["log"].dollars * invocations * LOG_KB_AN_INVOCATION / 1024**2),
        Cost(what="kept for a month, recoverable", dollars=GB_A_MILLION * gb_month * millions),
    ]


def most_invocations(resources: Resources, *, transactions: int, window_seconds: int) -> int:
    """Return the maximum number of invocations for the transactions of a month, if batches are not full.

    Lambda reads each shard once a second, so an idle shard has at most one invocation a second, or one in each window.
    docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
    """
    (stream,) = resources["aws_kinesis_stream"].values()
    shards: int = stream.get("shard_count", ON_DEMAND_SHARDS)
    return min(transactions, shards * SECONDS_A_MONTH // max(1, window_seconds))


def break_even_utilization() -> float:
    """Return the average utilization of write units where provisioned and on-demand capacity cost the same."""
    a_million_at_full_use = PRICES["provisioned write"].dollars * MILLION / SECONDS_AN_HOUR
    return a_million_at_full_use / PRICES["write"].dollars


def break_even_millions(resources: Resources) -> float:
    """Return the millions of transactions a month that cost as much on demand as the minimum of this ledger."""
    (table,) = resources["aws_dynamodb_table"].values()
    minimum = sum(cost.dollars for cost in _provisioned_ledger(resources))
    return minimum / (PRICES["write"].dollars * _copies(table))


def covered_millions(resources: Resources) -> float:
    """Return the millions of transactions a month that a provisioned ledger stores before auto scaling adds units."""
    (table,) = resources["aws_dynamodb_table"].values()
    units: int = table["write_capacity"]
    return units * SECONDS_A_MONTH / MILLION * UTILIZATION_PERCENT / 100


def flat_writes_on_demand(rate: int) -> float:
    """Return the monthly dollars of a constant rate of writes to ledger and index, on demand."""
    return 2 * rate * SECONDS_A_MONTH / MILLION * PRICES["write"].dollars


def flat_writes_provisioned(rate: int) -> float:
    """Return the monthly dollars of the write units for a constant rate, at the planned utilization."""
    return 2 * write_units(rate) * HOURS_A_MONTH * PRICES["provisioned write"].dollars


def _copies(table: Mapping[str, Any]) -> int:
    """Return 2, or 1 for a table without the customer index, which then has no such block."""
    return 1 + len(table.get("global_secondary_index", ()))


def _metrics(alarm: Mapping[str, Any]) -> int:
    """Return the number of metrics of an alarm; AWS charges for each."""
    return sum("metric" in query for query in alarm.get("metric_query", ())) or 1


def _hourly(what: str, price: str, units: int) -> Cost:
    return Cost(what=what, dollars=PRICES[price].dollars * units * HOURS_A_MONTH)


def _monthly(what: str, price: str, units: int) -> Cost:
    return Cost(what=what, dollars=PRICES[price].dollars * units)
