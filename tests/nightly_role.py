"""What the policies of the nightly role say in one account, and whether they allow a call."""

import json
import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from string import Template as Placeholders
from typing import Any

POLICIES = Path(__file__).parents[1] / "ci" / "aws" / "policies"
GRANTED = ("compute", "data", "network", "roles")
BOUNDARY = "boundary"

PARTITION, REGION, ACCOUNT = "aws", "ap-southeast-2", "123456789012"
REGIONAL = f"arn:{PARTITION}:{{}}:{REGION}:{ACCOUNT}:{{}}"
GLOBAL = f"arn:{PARTITION}:iam::{ACCOUNT}:{{}}"
HERE = {"partition": PARTITION, "region": REGION, "account": ACCOUNT, "boundary": "nightly-boundary"}


def document(name: str, here: Mapping[str, str] = HERE) -> dict[str, Any]:
    """A policy, filled in as Terraform does it."""
    content: dict[str, Any] = json.loads(Placeholders((POLICIES / f"{name}.json").read_text()).substitute(here))
    return content


def statements(*names: str, here: Mapping[str, str] = HERE) -> Iterator[dict[str, Any]]:
    """The statements of some policies."""
    for name in names:
        yield from document(name, here)["Statement"]


def allows(names: tuple[str, ...], action: str, arn: str | None, here: Mapping[str, str] = HERE) -> bool:
    """Whether a statement grants an action on a resource, or on any if the call names none, whatever its conditions."""
    return any(
        action in statement["Action"]
        and (arn is None or any(fnmatchcase(arn, pattern) for pattern in statement["Resource"]))
        for statement in statements(*names, here=here)
        if statement["Effect"] == "Allow"
    )


def placed(value: str) -> str:
    """What a value of the template is in the account, as far as the policies need it."""
    value = re.sub(r"\$\{data\.aws_partition\.\w+\.partition}", PARTITION, value)
    value = re.sub(r"\$\{data\.aws_region\.\w+\.name}", REGION, value)
    value = re.sub(r"\$\{data\.aws_caller_identity\.\w+\.account_id}", ACCOUNT, value)
    return re.sub(r"\$\{aws_kms_key\.\w+\.arn}", REGIONAL.format("kms", "key/ours"), value)
