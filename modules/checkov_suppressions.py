"""Findings of checkov that are accepted, each with its reason, kept in the artifact beside the resource."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Not imported for those who only read the artifact: it starts Node.js.
    import cdktf

# Terraform ignores what stands under this name; checkov has no way of its own to suppress a finding in JSON.
COMMENT = "//"
ACCEPTED = "checkov"

LOGS_MAY_GO = {
    "CKV_AWS_338": "No log holds a transaction; LOG_RETENTION_DAYS says how long the traces of work are useful."
}


def accept(element: "cdktf.TerraformElement", reasons: Mapping[str, str]) -> None:
    """Accept findings on one resource, by the check's id."""
    for check, reason in reasons.items():
        element.add_override(f"{COMMENT}.{ACCEPTED}.{check}", reason)
