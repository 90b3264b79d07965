"""The clients of a target have its Regions and its credentials."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from terraform_harness.targets.target import Target

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


@pytest.mark.parametrize("endpoint", [None, "http://127.0.0.1:4566"], ids=["AWS", "LocalStack"])
def test_clients_send_requests_to_the_endpoint(monkeypatch: pytest.MonkeyPatch, endpoint: str | None) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "developer")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "developer")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    if endpoint is not None:
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    target = Target(name="aws" if endpoint is None else "localstack", environment={"AWS_REGION": "eu-central-1"})

    client = target.client("sqs")

    assert client.meta.endpoint_url == (endpoint or "https://sqs.eu-central-1.amazonaws.com")


def test_client_is_created_once_for_each_region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")
    target = Target(name="localstack", environment={})

    with ThreadPoolExecutor(8) as pool:
        clients = set(pool.map(lambda _: target.client("sqs"), range(8)))

    assert clients == {target.client("sqs", "us-east-1")}
    assert target.client("sqs") is not target.client("sqs", "eu-west-1")


def test_provider_settings_keep_the_provider_on_the_target() -> None:
    aws = Target(name="aws", environment={"AWS_REGION": "eu-central-1"}, account="111111111111")

    assert LOCALSTACK.provider_settings == {"endpoints": [{}]}
    assert aws.provider_settings == {"allowed_account_ids": ["111111111111"]}


@pytest.mark.parametrize(
    ("shell", "accounts"),
    [
        ({}, set()),
        ({"HARNESS_AWS_ACCOUNTS": ""}, set()),
        ({"HARNESS_AWS_ACCOUNTS": "111111111111"}, {"111111111111"}),
        ({"HARNESS_AWS_ACCOUNTS": " 1, 2 ,,3"}, {"1", "2", "3"}),
    ],
    ids=["unset", "empty", "one", "several"],
)
def test_allowed_accounts_are_separated_by_commas(shell: dict[str, str], accounts: set[str]) -> None:
    assert Target(name="aws", environment=shell).allowed_accounts == accounts
