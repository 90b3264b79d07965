"""Targets, plans and existing resources for tests of the review."""

from collections.abc import Mapping
from typing import Any

import pytest

from harness_support.stores import created, is_clean
from terraform_harness.deployments.errors import TakeoverError
from terraform_harness.deployments.review import review
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.saved_plan import SavedPlan

AWS = Target(
    name="aws",
    environment={"AWS_REGION": "us-east-1", "HARNESS_AWS_ACCOUNTS": "111111111111, 222222222222"},
    account="111111111111",
)
ENDPOINT = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
SHARED = Target(name="localstack", environment=ENDPOINT)
EMBEDDED = Target(name="localstack", environment=ENDPOINT, is_own=True)
ANYWHERE = pytest.mark.parametrize("there", [AWS, SHARED, EMBEDDED], ids=["AWS", "shared", "embedded"])
NOT_OWN = pytest.mark.parametrize("there", [AWS, SHARED], ids=["AWS", "shared"])
type World = dict[tuple[str, str], list[str]]


def change(address: str, after: Mapping[str, Any] | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON
    """Return a resource change; by default the plan creates it."""
    type_, name = address.split(".")
    inner = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}, **more}
    return {"address": address, "mode": "managed", "type": type_, "name": name, "change": inner}


def planned(
    *changes: dict[str, Any], west: tuple[str, ...] = (), providers: Mapping[str, Mapping[str, Any]] | None = None
) -> SavedPlan:
    """Return a plan; the resources in `west` use the provider configuration aws.west."""
    resources = [
        {
            **{part: one[part] for part in ("mode", "type", "name")},
            "provider_config_key": "aws.west" if one["address"] in west else "aws",
        }
        for one in changes
    ]
    full_name = "registry.terraform.io/hashicorp/aws"
    configured: dict[str, Mapping[str, Any]] = {
        "aws": {},
        **({"aws.west": {"region": {"constant_value": "us-west-2"}}} if west else {}),
    }
    configured.update(providers or {})
    configuration = {
        "root_module": {"resources": resources},
        "provider_config": {key: {"full_name": full_name, "expressions": one} for key, one in configured.items()},
    }
    return SavedPlan({"resource_changes": list(changes), "configuration": configuration})


ORDERS = change("aws_sqs_queue.orders", {"name": "orders"})
FUNCTION = change("aws_lambda_function.f", {"function_name": "f"})
BUCKET = change("aws_s3_bucket.b", {"bucket": "b"})


def refusal(plan: SavedPlan, run: Run, there: Target) -> list[str]:
    """Return the resources that a refused plan would take over; nothing may be recorded."""
    before = created(run)
    with pytest.raises(TakeoverError) as refused:
        review(plan, run, there)
    assert (created(run), is_clean(run)) == (before, True)
    return [line.strip() for line in str(refused.value).splitlines()[1:-1]]
