"""The review refuses a plan whose providers may use another account or an unknown Region."""

from typing import Any

import pytest

from harness_support.review_fakes import AWS, EMBEDDED, NOT_OWN, ORDERS, SHARED, World, planned
from harness_support.stores import created, is_clean
from terraform_harness.deployments.errors import AccountUnprovenError, RegionUnknownError
from terraform_harness.deployments.review import review
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created

PROFILE = {"profile": {"constant_value": "prod"}}
ROLE = {"assume_role": [{"role_arn": {"constant_value": "arn:aws:iam::999999999999:role/x"}}]}


def limited(*accounts: str) -> dict[str, Any]:
    return {"allowed_account_ids": {"constant_value": list(accounts)}}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("provider", "settings"),
    [
        (PROFILE, "profile"),
        ({**PROFILE, **ROLE}, "assume_role, profile"),
        ({**PROFILE, **limited()}, "profile"),
        ({**PROFILE, **limited("999999999999")}, "profile"),
        ({**PROFILE, **limited("111111111111", "999999999999")}, "profile"),
        ({**PROFILE, "allowed_account_ids": {"references": ["data.x.y", "data.x"]}}, "profile"),
        ({**PROFILE, "forbidden_account_ids": {"constant_value": ["999999999999"]}}, "profile"),
    ],
    ids=["profile", "role", "no account", "another", "one of two", "unknown", "forbidden"],
)
def test_provider_with_unproven_account_is_refused_on_aws(run: Run, provider: dict[str, Any], settings: str) -> None:
    with pytest.raises(AccountUnprovenError) as refused:
        review(planned(ORDERS, providers={"aws.other": provider}), run, AWS)

    assert str(refused.value) == (
        f"The provider configuration aws.other sets {settings}, so it may use another account than the shell's "
        "credentials. Nothing was changed. Remove that, or set its allowed_account_ids to accounts in "
        "HARNESS_AWS_ACCOUNTS."
    )
    assert (created(run), is_clean(run)) == (Created(), True)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    "provider", [{}, {**PROFILE, **limited("222222222222")}, {**ROLE, **limited("111111111111", "222222222222")}]
)
def test_provider_limited_to_allowed_accounts_is_accepted_on_aws(run: Run, provider: dict[str, Any]) -> None:
    review(planned(ORDERS, providers={"aws": provider}), run, AWS)

    assert not is_clean(run)


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("there", [SHARED, EMBEDDED], ids=["shared", "embedded"])
def test_credentials_of_a_provider_are_accepted_on_localstack(run: Run, there: Target) -> None:
    review(planned(ORDERS, providers={"aws": PROFILE}), run, there)

    assert not is_clean(run)


COMPUTED = {"region": {"references": ["data.aws_region.here.name", "data.aws_region.here"]}}


@NOT_OWN
def test_provider_with_unknown_region_is_refused(run: Run, world: World, there: Target) -> None:
    with pytest.raises(RegionUnknownError) as refused:
        review(planned(ORDERS, providers={"aws.other": COMPUTED}), run, there)

    assert str(refused.value) == (
        "The Region of the provider configuration aws.other is not known before apply, so the harness cannot "
        "check which resources exist there. Nothing was changed. Set it to a constant, a variable or a local value."
    )
    assert (created(run), is_clean(run), world) == (Created(), True, {})


def test_unknown_region_is_accepted_on_embedded_localstack(run: Run) -> None:
    south = {"region": {"constant_value": "sa-east-1"}}

    review(planned(ORDERS, providers={"aws": COMPUTED, "aws.south": south}), run, EMBEDDED)

    assert created(run).names == {("queue", "orders", "us-east-1"), ("queue", "orders", "sa-east-1")}
