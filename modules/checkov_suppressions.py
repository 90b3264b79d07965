"""Accepted findings of checkov, each with its reason, in the synthesized JSON beside the resource."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The import starts Node.js. Programs that only read the JSON do not need it.
    import cdktf

# Terraform ignores this key. checkov itself cannot suppress a finding in JSON.
COMMENT = "//"
ACCEPTED = "checkov"

SHORT_LOG_RETENTION = {"CKV_AWS_338": "The logs hold no transactions. LOG_RETENTION_DAYS sets how long they are kept."}


def accept(element: "cdktf.TerraformElement", reasons: Mapping[str, str]) -> None:
    """Accept findings on one resource. The keys are ids of checks."""
    for check, reason in reasons.items():
        element.add_override(f"{COMMENT}.{ACCEPTED}.{check}", reason)
