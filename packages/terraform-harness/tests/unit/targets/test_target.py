"""The Regions of a target decide where its clients go."""

import pytest

from terraform_harness.targets.target import Target, allowed_accounts

LOCALSTACK = Target(name="localstack", environment={"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})


def test_region_of_the_shell_is_the_default() -> None:
    target = Target(name="aws", environment={"AWS_REGION": "eu-central-1"})

    assert (target.regions, LOCALSTACK.regions) == (("eu-central-1",), ("us-east-1",))


def test_clients_use_the_first_region_of_a_deployment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    there = LOCALSTACK.in_regions(["ap-south-1", "eu-west-1"])

    regions = [there.client("sqs", region).meta.region_name for region in (None, "eu-west-1", "us-east-1")]
    assert regions == ["ap-south-1", "eu-west-1", "us-east-1"]
    assert LOCALSTACK.client("sqs").meta.region_name == "us-east-1"


def test_client_is_made_once_for_each_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    target = Target(name="localstack", environment={})

    assert target.client("sqs") is target.client("sqs", "us-east-1")
    assert target.client("sqs") is not target.client("sqs", "eu-west-1")


def test_provider_settings_keep_the_provider_on_the_target() -> None:
    aws = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account="111111111111")

    assert LOCALSTACK.provider_settings == {"endpoints": [{}]}
    assert aws.provider_settings == {"allowed_account_ids": ["111111111111"]}


@pytest.mark.parametrize(
    ("text", "accounts"),
    [("", set()), ("111111111111", {"111111111111"}), (" 1, 2 ,,3", {"1", "2", "3"})],
    ids=["none", "one", "several"],
)
def test_accounts_are_separated_by_commas(text: str, accounts: set[str]) -> None:
    assert allowed_accounts({"HARNESS_AWS_ACCOUNTS": text}) == accounts
    assert allowed_accounts({}) == frozenset()
