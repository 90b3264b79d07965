"""Evidence has every available piece, from the start of the test, of the run of the test."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from harness_support.evidence_fakes import LOCAL, SINCE, Pages, alarm, evidence, fake, metrics
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.plugin.evidence import gather


def test_every_available_piece_is_written(deployment: Deployment) -> None:
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


def test_unavailable_piece_is_reported_in_its_file(deployment: Deployment) -> None:
    deployment.terraform.plan.side_effect = OSError("no plan")  # type: ignore[attr-defined]  # an autospec
    deployment.terraform.state.side_effect = OSError("no state")  # type: ignore[attr-defined]  # an autospec
    deployment.terraform.log_file.unlink()
    (deployment.terraform.folder / "cdk.tf.json").write_text("{")
    (deployment.run.folder / "localstack" / "localstack.log").unlink()
    fake(deployment, "cloudwatch").pages = {}
    fake(deployment, "logs").pages = {}

    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE)

    log = deployment.terraform.log_file
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "plan.txt": "not available: no plan\n",
        "apply.log": f"not available: [Errno 2] No such file or directory: '{log}'\n",
        "state.json": "not available: no state\n",
        "localstack.log": "no log: the harness did not start this LocalStack\n",
        "alarms.json": "not available: 'describe_alarm_history'\n",
        "metrics.json": "not available: 'list_metrics'\n",
        "function.log": "not available: 'describe_log_groups'\n",
    }


def test_evidence_of_an_earlier_failure_is_replaced(deployment: Deployment) -> None:
    folder = deployment.run.folder / "evidence"
    folder.mkdir()
    (folder / "old.txt").touch()

    gather(deployment, folder, since=SINCE)

    assert not (folder / "old.txt").exists()


@pytest.mark.parametrize("attached", [True, False])
def test_localstack_log_begins_with_the_test(deployment: Deployment, *, attached: bool) -> None:
    since = [f"{LOCAL}:00.600  INFO --- a call", "Traceback", f"{LOCAL}:01.000  INFO --- another"]
    before = ["Starting", "2026-11-23T00:00:00.000  INFO --- ready", "Traceback of before"]
    log = deployment.run.folder / "localstack" / "localstack.log"
    if not attached:
        log = log.rename(deployment.run.folder / "own.log")
    log.write_text("\n".join([*before, *since]))
    target = replace(deployment.target, log_file=None if attached else log)

    found = evidence(replace(deployment, target=target), "localstack.log")

    assert found.splitlines() == since


def test_localstack_log_without_times_ends_with_its_last_lines(deployment: Deployment) -> None:
    lines = [f"line {number}" for number in range(6000)]
    (deployment.run.folder / "localstack" / "localstack.log").write_text("\n".join(lines))

    found = evidence(deployment, "localstack.log")

    assert found.splitlines() == lines[1000:]


def test_metrics_of_the_run_and_of_the_account_are_written(deployment: Deployment) -> None:
    fake(deployment, "cloudwatch").pages["list_metrics"] = [
        metrics("AWS/DynamoDB", ("UserErrors", []), ("Reads", ["transactions-dev", "GetItem"])),
        metrics("AWS/Kinesis", ("Records", ["stream-dev"]), ("Records", ["stream-dev2"]), ("Records", ["mydev"])),
        metrics("AWS/Events", ("Invocations", ["quarantine-dev-000000000000"])),
        metrics("AWS/Lambda", ("Errors", ["f-dev"])),
        metrics("AWS/SQS", ("Sent", ["q-other"])),
        metrics("AWS/EC2", ("CPU", ["dev"])),
        metrics("Orders", ("Stored", ["f-dev"])),
    ]

    found = json.loads(evidence(deployment, "metrics.json"))

    assert [(one["metric"]["MetricName"], one["datapoints"][0]["of"]) for one in found] == [
        (name, name) for name in ("UserErrors", "Reads", "Invocations", "Records", "Errors", "Stored")
    ]


def test_alarm_changes_of_the_run_since_the_test_are_written(deployment: Deployment) -> None:
    changes = [alarm("errors-dev", 1), alarm("errors-mydev", 1), alarm("late-dev", 0)]
    changes[2]["Timestamp"] = datetime(2026, 11, 24, 5, 59, 59, tzinfo=UTC)
    fake(deployment, "cloudwatch").pages["describe_alarm_history"] = [{"AlarmHistoryItems": changes}]

    found = json.loads(evidence(deployment, "alarms.json"))

    assert found == [{"at": "2026-11-24 06:00:01+00:00", "alarm": "errors-dev", "what": "OK to ALARM"}]


def named(type_: str, **attributes: str) -> dict[str, Any]:
    """Return a resource in the state of a project whose names do not end in the run's suffix."""
    return {"mode": "managed", "type": type_, "name": "it", "instances": [{"attributes": attributes}]}


def test_names_come_from_the_state(deployment: Deployment) -> None:
    function = named("aws_lambda_function", function_name="orders", arn="arn:aws:lambda:us-east-1:1:function:orders")
    deployment.terraform.state.return_value = {  # type: ignore[attr-defined]  # an autospec
        "resources": [function, named("aws_cloudwatch_metric_alarm", alarm_name="late orders")]
    }
    cloudwatch, logs = fake(deployment, "cloudwatch"), fake(deployment, "logs")
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


def test_project_chooses_its_metric_namespaces(deployment: Deployment) -> None:
    fake(deployment, "cloudwatch").pages["list_metrics"] = [metrics("Orders", ("Late", []))]

    folders = [
        gather(deployment, deployment.run.folder / "evidence" / str(len(chosen)), since=SINCE, namespaces=chosen)
        for chosen in ([], ["Orders"])
    ]

    found = [json.loads((folder / "metrics.json").read_text()) for folder in folders]
    assert [[one["metric"]["MetricName"] for one in each] for each in found] == [[], ["Late"]]


def test_every_region_of_the_deployment_is_queried(deployment: Deployment) -> None:
    there = Pages(describe_alarm_history=[{"AlarmHistoryItems": [alarm("far-dev", 1)]}], list_metrics=[])
    here = fake(deployment, "cloudwatch")
    logs = Pages(describe_log_groups=[])
    clients = {
        ("cloudwatch", "us-east-1"): here,
        ("cloudwatch", "ap-south-1"): there,
        **{("logs", region): logs for region in ("us-east-1", "ap-south-1")},
    }
    target = replace(deployment.target, stated_regions=("us-east-1", "ap-south-1"), _clients=clients)

    found = json.loads(evidence(replace(deployment, target=target), "alarms.json"))

    assert [one["alarm"] for one in found] == ["far-dev"]
