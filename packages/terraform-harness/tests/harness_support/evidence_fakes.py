"""A deployment with prepared logs, metrics and secrets for tests of the evidence."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, cast

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.plugin.evidence import gather

SINCE = datetime(2026, 11, 24, 6, 0, 0, 500_000, tzinfo=UTC)
LOCAL = SINCE.astimezone().strftime("%Y-%m-%dT%H:%M")
CONFIGURATION = {
    "locals": {"db_password": "hunter-local"},
    "variable": {"login": {"type": "string", "default": "hunter-variable", "sensitive": True}},
    "resource": {
        "aws_lambda_function": {
            "f": {"environment": {"variables": {"TABLE": "transactions-dev", "API_KEY": "hunter-key"}}}
        }
    },
}
STATE = {
    "outputs": {"login": {"value": "hunter-output", "type": "string", "sensitive": True}},
    "resources": [
        {
            "mode": "managed",
            "type": "aws_db_instance",
            "name": "shop",
            "instances": [
                {
                    "attributes": {"master": "hunter-marked", "name": "shop"},
                    "sensitive_attributes": [[{"type": "get_attr", "value": "master"}]],
                }
            ],
        }
    ],
}


class Pages:
    """A client of CloudWatch and of Logs that answers from lists."""

    def __init__(self, **pages: list[dict[str, Any]]) -> None:
        self.pages = pages

    def get_paginator(self, name: str) -> "Pages":
        self.name = name
        return self

    def paginate(self, **wanted: str) -> Iterator[dict[str, Any]]:
        yield from (page for page in self.pages[self.name] if page.get("for", wanted) == wanted)

    def get_metric_statistics(self, **wanted: object) -> dict[str, object]:
        return {"Datapoints": [{"Sum": 1.0, "of": wanted["MetricName"]}]}


def metrics(namespace: str, *named: tuple[str, list[str]]) -> dict[str, Any]:
    listed = [
        {"MetricName": name, "Dimensions": [{"Name": "N", "Value": value} for value in values]}
        for name, values in named
    ]
    return {"for": {"Namespace": namespace}, "Metrics": listed}


def alarm(name: str, second: int) -> dict[str, Any]:
    at = datetime(2026, 11, 24, 6, 0, second, tzinfo=UTC)
    return {
        "Timestamp": at,
        "AlarmName": name,
        "HistoryData": json.dumps({"newState": {"stateValue": "ALARM"}}),
        "HistorySummary": "OK to ALARM",
    }


def evidence(deployment: Deployment, name: str) -> str:
    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE, namespaces=["Orders"])
    return (folder / name).read_text()


def fake(deployment: Deployment, service: str) -> Pages:
    """Return the fake client of a service."""
    return cast("Pages", deployment.target.client(service))
