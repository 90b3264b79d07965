"""The documented combinations of settings. The tests synthesize, validate and scan each of them."""

from collections.abc import Mapping

COMBINATIONS: Mapping[str, Mapping[str, str]] = {
    "default": {},
    "minimal cost": {"INTERFACE_ENDPOINTS": "", "FLOW_LOGS": "false", "SHARD_COUNT": "1"},
    "on-demand stream": {"STREAM_MODE": "on-demand"},
    "production": {
        "ENVIRONMENT_SUFFIX": "prod",
        "DELETION_PROTECTION": "true",
        "RETENTION_HOURS": "168",
        "RECORD_AGE_SECONDS": "86400",
        "SHARD_COUNT": "4",
    },
}
