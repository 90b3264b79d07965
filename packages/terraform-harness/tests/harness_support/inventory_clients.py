"""Targets and kinds of resources that return prepared responses."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from terraform_harness.deployments.kinds import KINDS, Found, Kind, Tags
from terraform_harness.targets.target import Target

REGION = "eu-central-1"
ARN = f"{REGION}:123456789012"
TAGS, PAIRS = {"RunId": "run-1"}, [{"Key": "RunId", "Value": "run-1"}]
type Answers = list[tuple[str, dict[str, Any], dict[str, Any]]]


def target(*regions: str, clients: dict[tuple[str, str], Any] | None = None) -> Target:
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"}
    return Target(name="localstack", environment=environment, stated_regions=regions, _clients=clients or {})


def found(name: str, identifier: str | None = None, tags: Tags | None = None) -> tuple[str, str, Tags | None]:
    return name, identifier or name, tags


def stubbed(*services: tuple[str, Answers]) -> dict[tuple[str, str], Any]:
    """boto3 clients that validate each call against the API model and send nothing."""
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    clients: dict[tuple[str, str], Any] = {}
    for service, answers in services:
        stub = Stubber(boto3.client(service, region_name=REGION, **keys))  # type: ignore[call-overload]  # any service
        for operation, parameters, answer in answers:
            stub.add_response(operation, answer, parameters)
        stub.activate()
        clients[service, REGION] = stub.client
    return clients


def replace_kinds(
    monkeypatch: pytest.MonkeyPatch,
    find: Callable[[str, str], Iterable[Found]],
    delete: Callable[[str, str], object] = lambda *_: None,
) -> None:
    """Replace the calls of each kind: `find` gets the kind and the Region, `delete` the kind and the identifier."""

    def replaced(name: str, kind: Kind) -> Kind:
        return replace(
            kind,
            find=lambda client: iter(find(name, client.keywords["region"])),  # type: ignore[attr-defined]  # a partial
            delete=lambda _, identifier: delete(name, identifier),
        )

    for name, kind in KINDS.items():
        monkeypatch.setitem(KINDS, name, replaced(name, kind))
