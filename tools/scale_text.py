"""The paragraphs of docs/scale.md between its tables."""

from operations import capacity
from operations.capacity import RATES
from operations.quotas import QUOTAS
from tools.markdown import paragraph

_WARM_THROUGHPUT = """\
## Warm throughput

A new on-demand table and its index accept {default:,} write units/s each. They accept more only when their traffic has
grown, or when you raise the warm throughput. Both need the same value, because a throttled index throttles the table:

```sh
aws dynamodb update-table --table-name transactions-prod \\
  --warm-throughput ReadUnitsPerSecond=12000,WriteUnitsPerSecond={units} \\
  --global-secondary-index-updates '[{{"Update": {{"IndexName": "customer-timestamp",
    "WarmThroughput": {{"ReadUnitsPerSecond": 12000, "WriteUnitsPerSecond": {units}}}}}}}]'
```

The values are for 10,000 records a second. AWS charges for the increase, and the value
[cannot be decreased](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput.html). The
command comes from the
[DynamoDB guide](https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/update-warm-throughput.html).

This is not a setting, because version 5.100 of the Terraform provider has
[no such argument](https://github.com/hashicorp/terraform-provider-aws/issues/43142). Terraform ignores the value: the
next apply does not change it.
"""


def assumptions() -> str:
    """Return the assumptions of the page."""
    return paragraph(
        f"A record has up to {capacity.RECORD_BYTES} bytes. Its item in the ledger then has up to 1 KB and needs one",
        "write unit, and another one in the customer index. An item of 2 KB needs twice as many. Without the index",
        "(`CUSTOMER_INDEX=false`), leave out its units. Shards and write units are planned for",
        f"{capacity.UTILIZATION_PERCENT}% utilization. An invocation takes {capacity.SECONDS_AN_INVOCATION:g} s, and",
        f"{capacity.SECONDS_A_THOUSAND_RECORDS:g} s more for 1,000 records. [costs.md](costs.md) has the source.",
    )


def reading_quotas() -> str:
    """Return how to read the table of quotas."""
    return paragraph(
        "Each cell has the value that the rate needs. A bold cell is more than the default quota. Most Regions have",
        "the default in this table, and some have more. For log calls the table assumes one call for each invocation.",
        "For quarantined objects it assumes that every record is rejected: above this rate S3 refuses some of them,",
        "and the function retries the records.",
    )


def reading_requests() -> str:
    """Return how to request a quota."""
    return paragraph(
        "Request the quota for the table and for its index. The ledger is on-demand here. A provisioned one needs",
        "`provisioned writes of an account` too. Request large quotas early, because AWS decides on them",
        "case by case.",
    )


def one_key() -> str:
    """Return the limits of one key."""
    shard, partition = QUOTAS["shard, writes"], QUOTAS["partition, writes"]
    return paragraph(
        "More capacity does not help one key. A partition key of the stream belongs to one shard, which takes",
        f"[{shard.default:,} {shard.unit}]({shard.source}). A `customerId` is one key of the customer index. A",
        f"partition of the index takes [{partition.default:,} {partition.unit}]({partition.source}), so one customer",
        "can have at most this many transactions a second. A throttled index throttles the table for all customers.",
        "The ledger itself has no such key: each `transactionId` is a key of its own.",
    )


def reading_settings() -> str:
    """Return how to read the table of settings."""
    limit = capacity.setting_limit("shard_count")
    changes = capacity.doublings(2, capacity.shards(RATES[2]))
    return "\n\n".join(
        [
            paragraph(
                f"`SHARD_COUNT` allows up to {limit} shards, which take {capacity.rate_of_shards(limit):,} records a",
                f"second at {capacity.UTILIZATION_PERCENT}%. Above that, the stream must be on-demand. One change at",
                "most [doubles the",
                "shards](https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html), and AWS",
                f"allows ten changes a day: from 2 to {capacity.shards(RATES[2])} shards they are {changes}. A new",
                "on-demand stream starts with 4 MB/s and grows with its traffic, so raise the traffic step by step.",
            ),
            paragraph(
                f"The other settings keep their defaults: `BATCH_SIZE={capacity.batch_size()}`, `MEMORY_MB=1024`,",
                "`LEDGER_MODE=on-demand` without `MAX_WRITE_UNITS`, and `VPC_CIDR`. The function has",
                f"{capacity.INTERFACES} network interfaces at each rate, one for each subnet. Lambda shares them",
                "between invocations, so the number of addresses does not grow with the concurrency.",
                "`RESERVED_CONCURRENCY` needs a quota of 100 more for the account, and `RESERVED_CONCURRENCY` itself",
                f"allows up to {capacity.setting_limit('reserved_concurrency'):,}. `MAX_WRITE_UNITS` of a provisioned",
                "ledger is enough to catch up after an outage. It allows up to",
                f"{capacity.setting_limit('max_write_units'):,}. [costs.md](costs.md) shows when provisioned capacity",
                "costs less.",
            ),
        ]
    )


def outage() -> str:
    """Return the time to catch up after an outage."""
    minutes = 30
    return paragraph(
        f"After an outage of {minutes} minutes, the function needs {capacity.catch_up_minutes(minutes):.0f} minutes to",
        f"catch up. In this time the ledger takes {capacity.catch_up_ratio():.1f} times its usual writes. An on-demand",
        "table can throttle some of them. The function retries these records, and the recovery takes longer.",
    )


def end() -> str:
    """Return the rates that one stream and one ledger take."""
    quota = QUOTAS["writes to a table"]
    limit = capacity.setting_limit("shard_count")
    return "\n\n".join(
        [
            paragraph(
                "The table ends first, not the stream. With default quotas one ledger takes",
                f"**{capacity.rate_of_pipeline():,} records a second** at {capacity.UTILIZATION_PERCENT}%, and",
                f"{quota.default:,} at full use. With a higher quota for the table and its index, a stream of {limit}",
                f"shards takes **{capacity.rate_of_shards(limit):,}**. Above that, an on-demand stream can grow to",
                "10 GB/s in three Regions, and after a request in others. But a table of 1,000,000 records",
                f"a second needs {capacity.write_units(RATES[3]) / quota.default:.0f} times its default quota. AWS",
                f"writes that the quota [is not a maximum]({quota.source}), but it decides on each request. Do not",
                "plan with more before AWS agrees.",
            ),
            paragraph(
                "One stream and one ledger are a choice: a ledger stores each `transactionId` once, and two ledgers do",
                "not know each other's items. To grow further, deploy several pipelines, each with its own",
                "`ENVIRONMENT_SUFFIX`, and let the producers choose one by a hash of the `transactionId`. Then a",
                "repeated transaction always reaches the same ledger. 1,000,000 records a second need",
                f"{capacity.pipelines(RATES[3])} pipelines with default quotas for their tables. Their shards and",
                "concurrency count together in one account. A query by customer must ask each ledger. A hash of the",
                "`customerId` would avoid this, but then the same `transactionId` under two customers is stored twice.",
            ),
        ]
    )


def warm_throughput() -> str:
    """Return the section about warm throughput."""
    return _WARM_THROUGHPUT.format(default=QUOTAS["new on-demand table"].default, units=capacity.write_units(RATES[1]))
