"""The policies of the nightly role in one account, and the calls that they allow."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from string import Template as Placeholders
from typing import Any

from iam_policy_evaluator import Policy, Request, Statement, evaluate, parse_policy

POLICIES = Path(__file__).parents[1] / "ci" / "aws" / "policies"
GRANTED = ("compute", "data", "network", "roles")
BOUNDARY = "boundary"

PARTITION, REGION, ACCOUNT = "aws", "ap-southeast-2", "123456789012"
REGIONAL = f"arn:{PARTITION}:{{}}:{REGION}:{ACCOUNT}:{{}}"
GLOBAL = f"arn:{PARTITION}:iam::{ACCOUNT}:{{}}"
HERE = {"partition": PARTITION, "region": REGION, "account": ACCOUNT, "boundary": "nightly-boundary"}


def document(name: str, here: Mapping[str, str] = HERE) -> dict[str, Any]:
    """Return a policy with its placeholders replaced, as Terraform does it."""
    content: dict[str, Any] = json.loads(Placeholders((POLICIES / f"{name}.json").read_text()).substitute(here))
    return content


def statements(*names: str, here: Mapping[str, str] = HERE) -> Iterator[Statement]:
    """Yield the statements of some policies."""
    for name in names:
        yield from parse_policy(document(name, here), name=name).statements


def allows(names: tuple[str, ...], action: str, arn: str | None, here: Mapping[str, str] = HERE) -> bool:
    """Return whether the policies allow an action on a resource, or on any resource if `arn` is None.

    The request's context is unknown, so every condition counts as true.
    """
    resources: Mapping[str, Any] = {"resources": ("*",)} if arn is None else {}
    relaxed = [replace(each, conditions=(), **resources) for each in statements(*names, here=here)]
    policy = Policy(name=", ".join(names), statements=tuple(relaxed))
    return evaluate(Request(action=action, resource=arn or "*"), identity=[policy]).allowed


def placed(value: str) -> str:
    """Replace the Terraform references that the policies need with their values in the account."""
    value = re.sub(r"\$\{data\.aws_partition\.\w+\.partition}", PARTITION, value)
    value = re.sub(r"\$\{data\.aws_region\.\w+\.name}", REGION, value)
    value = re.sub(r"\$\{data\.aws_caller_identity\.\w+\.account_id}", ACCOUNT, value)
    return re.sub(r"\$\{aws_kms_key\.\w+\.arn}", REGIONAL.format("kms", "key/ours"), value)
