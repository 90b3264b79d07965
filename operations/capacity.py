"""Computes the capacity that a rate of records needs."""

from collections.abc import Mapping
from math import ceil, log2

from modules.settings import Settings
from operations.quotas import QUOTAS

RATES = (1_000, 10_000, 100_000, 1_000_000)

UTILIZATION_PERCENT = 70
"""The planned utilization of shards and write units. Keys do not spread evenly, and a rate is an average."""

RECORD_BYTES = 850
"""The size of a record with an item of up to 1 KB: the ledger adds a digest, a sequence number and a time."""

SECONDS_A_THOUSAND_RECORDS = 1.0
"""The assumed run time of the function for 1,000 records, in addition to SECONDS_AN_INVOCATION.

benchmarks/concurrency.py measured, with DynamoDB calls of 15 ms and partition keys of 5 records: 0.23 s for an
invocation with 500 records, and 0.24 s with 1,000. The assumption is more than twice as long, because DynamoDB may be
slower and 1,024 MB of memory have only 0.58 vCPU. It has not been measured on AWS.
"""

SECONDS_AN_INVOCATION = 0.05
"""The assumed run time of an invocation in addition to its records. The benchmark measured 0.015 s for 1 record."""

INTERFACES = 3
"""The network interfaces of the function: one for each subnet."""

CONNECTIONS = 40
"""The maximum connections of an execution environment: 20 to DynamoDB and 20 to S3."""

# AWS requires that an account keeps this many invocations for functions without reserved concurrency.
# docs.aws.amazon.com/lambda/latest/api/API_PutFunctionConcurrency.html
_UNRESERVED = 100


def invocation_seconds(records: float) -> float:
    """Return the assumed run time of an invocation."""
    return SECONDS_AN_INVOCATION + records * SECONDS_A_THOUSAND_RECORDS / 1_000


def shards(rate: int, *, percent: int = UTILIZATION_PERCENT) -> int:
    """Return the shards that take a rate at a utilization in percent."""
    return _ceil(rate * 100, QUOTAS["shard, writes"].default * percent)


def write_units(rate: int, *, percent: int = UTILIZATION_PERCENT) -> int:
    """Return the write units/s of the ledger at a utilization in percent. Its index needs as many."""
    return _ceil(rate * 100, percent)


def partitions(rate: int) -> int:
    """Return the partitions that a table needs at least."""
    return _ceil(rate, QUOTAS["partition, writes"].default)


def invocations(rate: int) -> float:
    """Return the invocations in a second, if batches are full."""
    return rate / batch_size()


def running(rate: int) -> float:
    """Return the average number of concurrent invocations, if batches are full."""
    return invocations(rate) * invocation_seconds(batch_size())


def parallelization_factor() -> int:
    """Return the concurrent batches that a shard needs at its maximum rate."""
    records_a_second = QUOTAS["shard, writes"].default
    return ceil(records_a_second / batch_size() * invocation_seconds(batch_size()))


def concurrency(rate: int) -> int:
    """Return the maximum number of concurrent invocations: one for each concurrent batch of each shard."""
    return shards(rate) * parallelization_factor()


def concurrency_quota(rate: int) -> int:
    """Return the concurrency that an account needs to reserve the function's maximum."""
    return concurrency(rate) + _UNRESERVED


def connections(rate: int) -> int:
    """Return the maximum number of connections of each network interface."""
    return _ceil(concurrency(rate) * CONNECTIONS, INTERFACES)


def megabytes(rate: int) -> int:
    """Return the MB of records of 1 KB in a second."""
    return _ceil(rate, 1_024)


def catch_up_minutes(outage_minutes: float) -> float:
    """Return the time until the function has processed what arrived in an outage, at the planned utilization."""
    arriving = QUOTAS["shard, writes"].default * UTILIZATION_PERCENT / 100
    return outage_minutes * arriving / (_most_records_of_a_shard() - arriving)


def catch_up_ratio() -> float:
    """Return the writes in a second after an outage, in relation to those before."""
    return _most_records_of_a_shard() * 100 / (QUOTAS["shard, writes"].default * UTILIZATION_PERCENT)


def doublings(before: int, after: int) -> int:
    """Return the number of changes from one number of shards to another. A change at most doubles it."""
    return ceil(log2(after / before))


def rate_of_shards(count: int) -> int:
    """Return the records in a second that shards take at the planned utilization."""
    return count * QUOTAS["shard, writes"].default * UTILIZATION_PERCENT // 100


def rate_of_pipeline() -> int:
    """Return the records in a second that one table takes with default quotas, at the planned utilization."""
    return QUOTAS["writes to a table"].default * UTILIZATION_PERCENT // 100


def pipelines(rate: int) -> int:
    """Return the pipelines that together take a rate with default quotas for their tables."""
    return _ceil(rate, rate_of_pipeline())


def quota_requests(rate: int) -> Mapping[str, int]:
    """Return the quotas that must be raised for a rate, with an on-demand ledger, each with the value to request."""
    on_demand = shards(rate) > setting_limit("shard_count")
    needed = {
        **({"on-demand stream": megabytes(rate)} if on_demand else {"shards of an account": shards(rate)}),
        "concurrency of an account": concurrency_quota(rate),
        "writes to a table": write_units(rate),
    }
    return {name: value for name, value in needed.items() if value > QUOTAS[name].default}


def settings(rate: int) -> Mapping[str, str]:
    """Return the settings for a rate. A stream with more shards than SHARD_COUNT allows must be on-demand."""
    if shards(rate) > setting_limit("shard_count"):
        return {"STREAM_MODE": "on-demand", "PARALLELIZATION_FACTOR": str(parallelization_factor())}
    return {
        "STREAM_MODE": "provisioned",
        "SHARD_COUNT": str(shards(rate)),
        "PARALLELIZATION_FACTOR": str(parallelization_factor()),
        "RESERVED_CONCURRENCY": str(concurrency(rate)),
    }


def provisioned_ledger(rate: int) -> Mapping[str, str]:
    """Return the settings of a provisioned ledger for a rate, or nothing if MAX_WRITE_UNITS does not allow it.

    The minimum takes the rate at the planned utilization. The maximum is enough to catch up after an outage.
    """
    maximum = ceil(rate * catch_up_ratio())
    if maximum > setting_limit("max_write_units"):
        return {}
    return {
        "LEDGER_MODE": "provisioned",
        "MIN_WRITE_UNITS": str(write_units(rate)),
        "MAX_WRITE_UNITS": str(maximum),
    }


def setting_limit(name: str) -> int:
    """Return the maximum that a setting allows."""
    limit: int = next(rule.le for rule in Settings.model_fields[name].metadata if hasattr(rule, "le"))
    return limit


def batch_size() -> int:
    """Return the default BATCH_SIZE."""
    size: int = Settings.model_fields["batch_size"].default
    return size


def _most_records_of_a_shard() -> float:
    """Return the records in a second that the function processes from one shard, if there is a backlog."""
    processed = parallelization_factor() * batch_size() / invocation_seconds(batch_size())
    return min(processed, QUOTAS["shard, reads"].default)


def _ceil(dividend: int, divisor: int) -> int:
    """Divide integers and round up. Floats would round 70 % wrong."""
    return -(-dividend // divisor)
