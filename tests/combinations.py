"""Every combination of settings that the tests synthesize: the documented ones, and values at their limits."""

from collections.abc import Mapping

from modules import combinations
from tools import release

# The settings that no documented combination sets.
TEST_RUN = {
    "EPHEMERAL": "true",
    "RUN_ID": "run-1",
    "EXPIRES_AT": "2026-11-23T20:00:00+01:00",
    "STATE_BUCKET": "states-of-the-team",
    "PERMISSIONS_BOUNDARY": "boundary-of-the-team",
    "ALARM_PERIOD_SECONDS": "10",
    "ALARM_SUBSCRIBERS": (
        "on-call@example.com,https://example.com/alarms,arn:aws:sqs:eu-central-1:111122223333:alarms,"
        "arn:aws:lambda:eu-central-1:111122223333:function:notify,"
        "arn:aws:lambda:eu-central-1:111122223333:function:page:live"
    ),
    "ARCHITECTURE": "x86_64",
    "BATCH_SIZE": "50",
    "BATCHING_WINDOW_SECONDS": "2",
    "PARALLELIZATION_FACTOR": "3",
    "RETRY_ATTEMPTS": "1",
    "MEMORY_MB": "512",
    "TIMEOUT_SECONDS": "30",
    "RESERVED_CONCURRENCY": "7",
    "LOG_RETENTION_DAYS": "7",
    "LEDGER_TABLE": "transactions-restored-dev",
    "QUARANTINE_RETENTION_DAYS": "7",
}
NIGHTLY = {
    "ENVIRONMENT_SUFFIX": "t-0123abcd",
    "EPHEMERAL": "true",
    "RUN_ID": "run-1",
    "EXPIRES_AT": "2026-11-23T20:00:00+01:00",
}
_EPHEMERAL = {"EPHEMERAL": "true"}

# Every value that adds or removes resources, and names at their limits.
LIMITS: Mapping[str, Mapping[str, str]] = {
    "one endpoint, on demand, no flow logs": {
        "EPHEMERAL": "true",
        "STREAM_MODE": "on-demand",
        "INTERFACE_ENDPOINTS": "kms",
        "FLOW_LOGS": "false",
    },
    "two endpoints, no flow logs": _EPHEMERAL | {"INTERFACE_ENDPOINTS": "kinesis-streams,logs", "FLOW_LOGS": "false"},
    "no endpoint, on demand": _EPHEMERAL | {"STREAM_MODE": "on-demand", "INTERFACE_ENDPOINTS": ""},
    "a suffix of one character": _EPHEMERAL | {"ENVIRONMENT_SUFFIX": "a"},
    "the longest suffix, not ephemeral": {
        "ENVIRONMENT_SUFFIX": "a-very-long-suffix-1",
        "LOCAL_STATE": "true",
        "ALARM_SUBSCRIBERS": "https://example.com/alarms",
    },
    "a locked quarantine": {
        "STATE_BUCKET": "states-of-the-team",
        "ALARM_SUBSCRIBERS": "on-call@example.com",
        "QUARANTINE_RETENTION_DAYS": "365",
        "QUARANTINE_LOCK_DAYS": "365",
    },
    "no customer index": _EPHEMERAL | {"CUSTOMER_INDEX": "false"},
    "the lowest ceiling": _EPHEMERAL | {"MAX_WRITE_UNITS": "10"},
    "the least fixed capacity": _EPHEMERAL
    | {"LEDGER_MODE": "provisioned", "MIN_WRITE_UNITS": "10", "MAX_WRITE_UNITS": "10"},
    "auto scaling, no customer index": _EPHEMERAL
    | {
        "CUSTOMER_INDEX": "false",
        "LEDGER_MODE": "provisioned",
        "MIN_WRITE_UNITS": "10",
        "MAX_WRITE_UNITS": "1000000",
    },
    "the smallest VPC": _EPHEMERAL | {"VPC_CIDR": "192.168.7.0/26"},
    "the longest timeout and the shortest log": _EPHEMERAL | {"TIMEOUT_SECONDS": "900", "LOG_RETENTION_DAYS": "1"},
}

COMBINATIONS: Mapping[str, Mapping[str, str]] = {
    **combinations.COMBINATIONS,
    **LIMITS,
    "test run": TEST_RUN,
    "nightly": NIGHTLY,
    "release": release.SETTINGS,
}
