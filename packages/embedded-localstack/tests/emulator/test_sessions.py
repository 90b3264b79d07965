"""Clients and resources call their LocalStack, whatever the shell exports."""

import pytest

from embedded_localstack import LocalStack


@pytest.fixture(autouse=True)
def shell(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://shell.invalid")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "shell")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "shell")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.invalid")
    monkeypatch.setenv("http_proxy", "http://proxy.invalid")


def test_client_calls_the_localstack(localstack: LocalStack, name: str) -> None:
    queue = localstack.client("sqs").create_queue(QueueName=name)["QueueUrl"]

    assert queue.endswith(f"/000000000000/{name}")
    assert name in str(localstack.client("sqs").list_queues()["QueueUrls"])


def test_client_can_call_another_endpoint(localstack: LocalStack) -> None:
    sqs = localstack.client("sqs", endpoint_url="http://other.invalid")

    assert sqs.meta.endpoint_url == "http://other.invalid"


def test_resource_of_a_session_calls_the_localstack(localstack: LocalStack, name: str) -> None:
    queue = localstack.session().resource("sqs").create_queue(QueueName=name)

    assert localstack.client("sqs").get_queue_url(QueueName=name)["QueueUrl"] == queue.url


def test_credentials_are_those_of_localstack(localstack: LocalStack) -> None:
    identity = localstack.client("sts").get_caller_identity()

    assert identity["Account"] == "000000000000"
