"""Evidence has no secret that the configuration or the state names."""

import json

from harness_support.evidence_fakes import LOCAL, SINCE, evidence, fake
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.plugin.evidence import gather


def test_secrets_are_removed_from_the_apply_log(deployment: Deployment) -> None:
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
    assert (panic, cut) == ('panic: "(redacted)"', "(an incomplete line is omitted)")


def test_known_secrets_are_removed_from_logs_and_errors(deployment: Deployment) -> None:
    deployment.terraform.plan.side_effect = OSError("hunter-local")  # type: ignore[attr-defined]  # an autospec
    (deployment.run.folder / "localstack" / "localstack.log").write_text(f"{LOCAL}:01.000 got hunter-marked\n")
    fake(deployment, "logs").pages = {
        "describe_log_groups": [{"logGroups": [{"logGroupName": "/aws/lambda/f-dev"}]}],
        "filter_log_events": [{"events": [{"message": "I am hunter-key\n"}]}],
    }

    folder = gather(deployment, deployment.run.folder / "evidence", since=SINCE)

    assert (folder / "plan.txt").read_text() == "not available: (redacted)\n"
    assert (folder / "localstack.log").read_text() == f"{LOCAL}:01.000 got (redacted)\n"
    assert (folder / "function.log").read_text() == "/aws/lambda/f-dev I am (redacted)\n"
