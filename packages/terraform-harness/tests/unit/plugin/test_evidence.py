"""Evidence has what could be had, from the test's time on, of the test's own run, and no secret."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import create_autospec

import pytest

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.deployments.run import new_run
from terraform_harness.plugin.evidence import gather
from terraform_harness.targets.target import Target
from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.plan import Plan

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


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    run = new_run(tmp_path / "runs", suffix="dev")
    folder = run.folder / "terraform"
    terraform = create_autospec(Terraform, instance=True, folder=folder, log_file=run.folder / "terraform.log")
    terraform.folder.mkdir()
    (terraform.folder / "cdk.tf.json").write_text(json.dumps(CONFIGURATION))
    terraform.log_file.write_text('{"type":"version"}\n')
    terraform.plan.return_value = Plan(changes=())
    terraform.state.return_value = STATE
    (run.folder / "localstack").mkdir()
    (run.folder / "localstack" / "localstack.log").write_text(f"{LOCAL}:00.600  INFO --- ready\n")
    cloudwatch = Pages(describe_alarm_history=[{"AlarmHistoryItems": []}], list_metrics=[])
    logs = Pages(describe_log_groups=[{"logGroups": []}])
    clients = {("cloudwatch", "us-east-1"): cloudwatch, ("logs", "us-east-1"): logs}
    target = Target(name="localstack", environment={}, _clients=clients)
    return Deployment(run=run, target=target, terraform=terraform, outputs={})


def evidence(deployment: Deployment, name: str) -> str:
    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE, namespaces=["TransactionPipeline"])
    return (folder / name).read_text()


def test_all_that_could_be_had_is_there(deployment: Deployment) -> None:
    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE)

    found = {path.name: path.read_text() for path in folder.iterdir()}
    state = json.loads(found.pop("state.json"))
    assert state["resources"][0]["instances"][0]["attributes"] == {"master": "(redacted)", "name": "shop"}
    assert found == {
        "plan.txt": "no changes",
        "apply.log": '{"type": "version"}\n',
        "localstack.log": f"{LOCAL}:00.600  INFO --- ready\n",
        "alarms.json": "[]\n",
        "metrics.json": "[]\n",
        "function.log": "",
    }


def test_what_could_not_be_had_is_said_in_its_place_and_costs_nothing_else(deployment: Deployment) -> None:
    deployment.terraform.plan.side_effect = OSError("no plan")  # type: ignore[attr-defined]  # an autospec
    deployment.terraform.state.side_effect = OSError("no state")  # type: ignore[attr-defined]  # an autospec
    deployment.terraform.log_file.unlink()
    (deployment.terraform.folder / "cdk.tf.json").write_text("{")
    (deployment.run.folder / "localstack" / "localstack.log").unlink()
    deployment.target.client("cloudwatch").pages = {}
    deployment.target.client("logs").pages = {}

    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE)

    log = deployment.terraform.log_file
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "plan.txt": "could not be had: no plan\n",
        "apply.log": f"could not be had: [Errno 2] No such file or directory: '{log}'\n",
        "state.json": "could not be had: no state\n",
        "localstack.log": "no log: not our LocalStack\n",
        "alarms.json": "could not be had: 'describe_alarm_history'\n",
        "metrics.json": "could not be had: 'list_metrics'\n",
        "function.log": "could not be had: 'describe_log_groups'\n",
    }


def test_an_earlier_failure_of_the_same_test_leaves_nothing(deployment: Deployment) -> None:
    folder = deployment.run.folder / "evidence"
    folder.mkdir()
    (folder / "old.txt").touch()

    gather(deployment, folder, since=SINCE)

    assert not (folder / "old.txt").exists()


def test_the_apply_log_has_no_secret(deployment: Deployment) -> None:
    diagnostic = {
        "severity": "error",
        "summary": "'hunter-marked' and 'hunter-output' are weak",
        "detail": 'Not "hunter-local", hunter-variable or hunter-key, table transactions-dev',
        "snippet": {"context": "local", "code": '"x": "hunter-code"', "values": [{"statement": 'is "hunter-value"'}]},
    }
    outputs = {"admin_password": {"sensitive": False, "value": "hunter-name"}, "table": {"value": "t-1"}}
    said = [{"type": "diagnostic", "diagnostic": diagnostic}, {"type": "outputs", "outputs": outputs}]
    log = deployment.terraform.log_file
    log.write_text("".join(f"{json.dumps(line)}\n" for line in said) + 'panic: "hunter-local"\n{"detail": "hunter-cut')

    *lines, panic, cut = evidence(deployment, "apply.log").splitlines()

    assert [json.loads(line) for line in lines] == [
        {
            "type": "diagnostic",
            "diagnostic": {
                "severity": "error",
                "summary": "'(redacted)' and '(redacted)' are weak",
                "detail": 'Not "(redacted)", (redacted) or (redacted), table transactions-dev',
                "snippet": {"context": "local", "code": "(redacted)", "values": "(redacted)"},
            },
        },
        {"type": "outputs", "outputs": {"admin_password": "(redacted)", "table": {"value": "t-1"}}},
    ]
    assert (panic, cut) == ('panic: "(redacted)"', "(a line that was cut off is left out)")


def test_no_other_log_and_no_reason_has_a_secret_that_is_known(deployment: Deployment) -> None:
    deployment.terraform.plan.side_effect = OSError("hunter-local")  # type: ignore[attr-defined]  # an autospec
    (deployment.run.folder / "localstack" / "localstack.log").write_text(f"{LOCAL}:01.000 got hunter-marked\n")
    deployment.target.client("logs").pages = {
        "describe_log_groups": [{"logGroups": [{"logGroupName": "/aws/lambda/f-dev"}]}],
        "filter_log_events": [{"events": [{"message": "I am hunter-key\n"}]}],
    }

    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE)

    assert (folder / "plan.txt").read_text() == "could not be had: (redacted)\n"
    assert (folder / "localstack.log").read_text() == f"{LOCAL}:01.000 got (redacted)\n"
    assert (folder / "function.log").read_text() == "/aws/lambda/f-dev I am (redacted)\n"


def test_metrics_are_those_of_the_run_and_those_without_dimensions(deployment: Deployment) -> None:
    deployment.target.client("cloudwatch").pages["list_metrics"] = [
        metrics("AWS/DynamoDB", ("UserErrors", []), ("Reads", ["transactions-dev", "GetItem"])),
        metrics("AWS/Kinesis", ("Records", ["stream-dev"]), ("Records", ["stream-dev2"]), ("Records", ["mydev"])),
        metrics("AWS/Events", ("Invocations", ["quarantine-dev-000000000000"])),
        metrics("AWS/Lambda", ("Errors", ["f-dev"])),
        metrics("AWS/SQS", ("Sent", ["q-other"])),
        metrics("AWS/EC2", ("CPU", ["dev"])),
        metrics("TransactionPipeline", ("Stored", ["f-dev"])),
    ]

    found = json.loads(evidence(deployment, "metrics.json"))

    assert [(one["metric"]["MetricName"], one["datapoints"][0]["of"]) for one in found] == [
        (name, name) for name in ("UserErrors", "Reads", "Invocations", "Records", "Errors", "Stored")
    ]


def test_alarms_are_those_of_the_run_since_the_test_began(deployment: Deployment) -> None:
    changes = [alarm("errors-dev", 1), alarm("errors-mydev", 1), alarm("late-dev", 0)]
    changes[2]["Timestamp"] = datetime(2026, 11, 24, 5, 59, 59, tzinfo=UTC)
    deployment.target.client("cloudwatch").pages["describe_alarm_history"] = [{"AlarmHistoryItems": changes}]

    found = json.loads(evidence(deployment, "alarms.json"))

    assert found == [{"at": "2026-11-24 06:00:01+00:00", "alarm": "errors-dev", "what": "OK to ALARM"}]


@pytest.mark.parametrize("attached", [True, False])
def test_the_log_of_localstack_begins_with_the_test(deployment: Deployment, *, attached: bool) -> None:
    since = [f"{LOCAL}:00.600  INFO --- a call", "Traceback", f"{LOCAL}:01.000  INFO --- another"]
    before = ["Starting", "2026-11-23T00:00:00.000  INFO --- ready", "Traceback of before"]
    log = deployment.run.folder / "localstack" / "localstack.log"
    if not attached:
        log = log.rename(deployment.run.folder / "own.log")
    log.write_text("\n".join([*before, *since]))
    target = replace(deployment.target, log_file=None if attached else log)

    found = evidence(replace(deployment, target=target), "localstack.log")

    assert found.splitlines() == since


def test_the_log_of_localstack_ends_with_its_last_lines_if_none_says_when(deployment: Deployment) -> None:
    lines = [f"line {number}" for number in range(6000)]
    (deployment.run.folder / "localstack" / "localstack.log").write_text("\n".join(lines))

    found = evidence(deployment, "localstack.log")

    assert found.splitlines() == lines[1000:]


def named(type_: str, **attributes: str) -> dict[str, Any]:
    """A resource in the state of a project whose names do not end in the run's suffix."""
    return {"mode": "managed", "type": type_, "name": "it", "instances": [{"attributes": attributes}]}


def test_names_come_from_the_state(deployment: Deployment) -> None:
    function = named("aws_lambda_function", function_name="orders", arn="arn:aws:lambda:us-east-1:1:function:orders")
    deployment.terraform.state.return_value = {  # type: ignore[attr-defined]  # an autospec
        "resources": [function, named("aws_cloudwatch_metric_alarm", alarm_name="late orders")]
    }
    cloudwatch, logs = deployment.target.client("cloudwatch"), deployment.target.client("logs")
    cloudwatch.pages["list_metrics"] = [metrics("AWS/Lambda", ("Errors", ["orders"]), ("Errors", ["orders2"]))]
    cloudwatch.pages["describe_alarm_history"] = [{"AlarmHistoryItems": [alarm("late orders", 1), alarm("late", 1)]}]
    logs.pages = {
        "describe_log_groups": [{"logGroups": [{"logGroupName": f"/aws/lambda/{name}"} for name in ("orders", "old")]}],
        "filter_log_events": [{"events": [{"message": "started\n"}]}],
    }

    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE)

    assert [one["alarm"] for one in json.loads((folder / "alarms.json").read_text())] == ["late orders"]
    assert [one["metric"]["Dimensions"] for one in json.loads((folder / "metrics.json").read_text())] == [
        [{"Name": "N", "Value": "orders"}]
    ]
    assert (folder / "function.log").read_text() == "/aws/lambda/orders started\n"


def test_metrics_of_the_project_are_its_choice(deployment: Deployment) -> None:
    deployment.target.client("cloudwatch").pages["list_metrics"] = [metrics("Orders", ("Late", []))]

    folders = [
        gather(deployment, deployment.run.folder / "evidence" / str(len(chosen)), since=SINCE, namespaces=chosen)
        for chosen in ([], ["Orders"])
    ]

    found = [json.loads((folder / "metrics.json").read_text()) for folder in folders]
    assert [[one["metric"]["MetricName"] for one in each] for each in found] == [[], ["Late"]]


def test_each_region_of_the_deployment_is_asked(deployment: Deployment) -> None:
    there = Pages(describe_alarm_history=[{"AlarmHistoryItems": [alarm("far-dev", 1)]}], list_metrics=[])
    here = deployment.target.client("cloudwatch")
    clients = {("cloudwatch", "us-east-1"): here, ("cloudwatch", "ap-south-1"): there}
    target = replace(deployment.target, stated_regions=("us-east-1", "ap-south-1"), _clients=clients)

    found = json.loads(evidence(replace(deployment, target=target), "alarms.json"))

    assert [one["alarm"] for one in found] == ["far-dev"]
