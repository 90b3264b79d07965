"""Default AWS quotas that limit the pipeline, each with its source."""

from dataclasses import dataclass

_DYNAMODB = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide"
_KINESIS = "https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"
_LAMBDA = "https://docs.aws.amazon.com/lambda/latest/dg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """A quota. If it differs between Regions, `default` is the lowest value, and `note` has the others."""

    default: int
    unit: str
    adjustable: bool
    source: str
    note: str = ""


QUOTAS = {
    "shard, writes": Quota(default=1_000, unit="records/s, and 1 MB/s", adjustable=False, source=_KINESIS),
    "shard, reads": Quota(default=2_000, unit="records of 1 KB a second (2 MB/s)", adjustable=False, source=_KINESIS),
    "shards of an account": Quota(
        default=1_000,
        unit="shards",
        adjustable=True,
        source=_KINESIS,
        note="6,000 in some Regions; 20,000 in us-east-1, us-west-2 and eu-west-1",
    ),
    "on-demand stream": Quota(
        default=200,
        unit="MB/s",
        adjustable=True,
        source=_KINESIS,
        note="10 GB/s in us-east-1, us-west-2 and eu-west-1. A new stream starts with 4 MB/s",
    ),
    "concurrency of an account": Quota(
        default=1_000,
        unit="concurrent invocations",
        adjustable=True,
        source=f"{_LAMBDA}/gettingstarted-limits.html",
        note="less in a new account. All functions of the account and Region share it",
    ),
    "new on-demand table": Quota(
        default=4_000,
        unit="write units/s",
        adjustable=False,
        source=f"{_DYNAMODB}/warm-throughput-scenarios.html",
        note="grows with the traffic, or with warm throughput. The index has its own",
    ),
    "writes to a table": Quota(
        default=40_000,
        unit="write units/s",
        adjustable=True,
        source=f"{_DYNAMODB}/ServiceQuotas.html",
        note="the index has its own quota",
    ),
    "provisioned writes of an account": Quota(
        default=80_000,
        unit="write units/s",
        adjustable=True,
        source=f"{_DYNAMODB}/ServiceQuotas.html",
        note="table and index together, only if LEDGER_MODE is `provisioned`",
    ),
    "partition, writes": Quota(
        default=1_000,
        unit="write units/s",
        adjustable=False,
        source=f"{_DYNAMODB}/bp-partition-key-design.html",
    ),
    "connections of a network interface": Quota(
        default=65_000,
        unit="connections",
        adjustable=False,
        source=f"{_LAMBDA}/configuration-vpc.html",
        note="above it, Lambda adds an interface",
    ),
    "log calls of an account": Quota(
        default=5_000,
        unit="PutLogEvents calls/s",
        adjustable=True,
        source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html",
    ),
    "quarantined objects": Quota(
        default=3_500,
        unit="PUT requests/s",
        adjustable=False,
        source="https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance.html",
        note="of one prefix, `rejected/`. S3 raises it by itself within about an hour",
    ),
}
