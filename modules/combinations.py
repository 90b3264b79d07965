"""The documented combinations of settings. The tests synthesize, validate and scan each of them."""

from collections.abc import Mapping

# Every environment that is not ephemeral needs a state. Without a subscriber, a guardrail warns.
_LASTING = {"STATE_BUCKET": "states-of-the-team", "ALARM_SUBSCRIBERS": "on-call@example.com"}

COMBINATIONS: Mapping[str, Mapping[str, str]] = {
    "default": _LASTING,
    "ephemeral": {"EPHEMERAL": "true"},
    "minimal cost": _LASTING
    | {"INTERFACE_ENDPOINTS": "", "FLOW_LOGS": "false", "SHARD_COUNT": "1", "CUSTOMER_INDEX": "false"},
    "on-demand stream": _LASTING | {"STREAM_MODE": "on-demand"},
    "provisioned ledger": _LASTING
    | {"LEDGER_MODE": "provisioned", "MIN_WRITE_UNITS": "100", "MAX_WRITE_UNITS": "4000"},
    "production": _LASTING
    | {
        "ENVIRONMENT_SUFFIX": "prod",
        "RETENTION_HOURS": "168",
        "RECORD_AGE_SECONDS": "86400",
        "SHARD_COUNT": "4",
        "QUARANTINE_RETENTION_DAYS": "2555",
    },
}
