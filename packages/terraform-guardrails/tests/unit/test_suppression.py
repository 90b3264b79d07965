"""Findings are suppressed with a reason, on the command line or in the metadata of a resource."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from terraform_guardrails.__main__ import app

DATA = Path(__file__).parents[1] / "data"
DETECTOR = {"resource": {"aws_guardduty_detector": {"d": {"enable": True}}}}
REASON = "this stack owns the detector"


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def written(folder: Path, content: object) -> str:
    (folder / "cdk.tf.json").write_text(json.dumps(content))
    return str(folder)


def test_a_finding_is_suppressed_on_the_command_line(runner: CliRunner, tmp_path: Path) -> None:
    suppression = f"account-singleton@aws_guardduty_detector.d: {REASON}"

    result = runner.invoke(app, [written(tmp_path, DETECTOR), "--suppress", suppression])

    assert (result.exit_code, result.stdout) == (
        0,
        (
            f"suppressed account-singleton aws_guardduty_detector.d: {REASON}\n"
            "1 resource: 0 errors, 0 warnings, 1 suppressed.\n"
        ),
    )


def test_a_finding_is_suppressed_in_metadata(runner: CliRunner, tmp_path: Path) -> None:
    detector = {"//": {"guardrails": {"account-singleton": REASON}}}

    result = runner.invoke(
        app, [written(tmp_path, {"resource": {"aws_guardduty_detector": {"d": detector}}}), "--format", "json"]
    )

    report = json.loads(result.stdout)
    assert (result.exit_code, report["findings"]) == (0, [])
    assert [(each["rule"], each["address"], each["reason"]) for each in report["suppressed"]] == [
        ("account-singleton", "aws_guardduty_detector.d", REASON)
    ]


def test_a_suppression_covers_every_instance(runner: CliRunner) -> None:
    plan = str(DATA / "plan-with-modules.json")

    result = runner.invoke(app, [plan, "--suppress", f"account-singleton@aws_guardduty_detector.two: {REASON}"])

    assert result.stdout.count("suppressed account-singleton aws_guardduty_detector.two[") == 2


@pytest.mark.parametrize(
    ("suppression", "sentence"),
    [
        (
            "account-singleton@aws_guardduty_detector.d",
            (
                "suppression 'account-singleton@aws_guardduty_detector.d': the reason is missing. "
                "Write RULE@ADDRESS: REASON."
            ),
        ),
        ("no", "suppression 'no': the rule or the address is missing. Write RULE@ADDRESS: REASON."),
        (
            "singleton@aws_guardduty_detector.d: because",
            (
                "suppression 'singleton@aws_guardduty_detector.d': the rule singleton does not exist. "
                "The rules are account-singleton, alarm-delivery, alarm-metric, alarm-subscription, dependency-cycle, "
                "ephemeral-protection, key-policy-principal, network-path, resource-name, role-permissions."
            ),
        ),
    ],
    ids=["no reason", "no address", "unknown rule"],
)
def test_an_invalid_suppression_exits_with_2(
    runner: CliRunner, tmp_path: Path, suppression: str, sentence: str
) -> None:
    result = runner.invoke(app, [written(tmp_path, DETECTOR), "--suppress", suppression])

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{sentence}\n")


def test_a_suppression_in_metadata_needs_a_reason(runner: CliRunner, tmp_path: Path) -> None:
    detector = {"//": {"guardrails": {"account-singleton": " "}}}

    result = runner.invoke(app, [written(tmp_path, {"resource": {"aws_guardduty_detector": {"d": detector}}})])

    assert (result.exit_code, result.stderr) == (
        2,
        (
            "suppression 'account-singleton@aws_guardduty_detector.d': the reason is missing. "
            'Write the reason as text in the "//" metadata of the resource: {"guardrails": {"RULE": "REASON"}}.\n'
        ),
    )
