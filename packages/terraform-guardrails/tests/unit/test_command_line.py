"""What a user of `terraform-guardrails` sees: text or JSON, exit code 0, 1 or 2, and never a traceback."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from terraform_guardrails.__main__ import app

DATA = Path(__file__).parents[1] / "data"
USAGE = "Give a *.tf.json file, a folder that holds some, or the output of 'terraform show -json'."
TRAIL = {"resource": {"aws_cloudtrail": {"audit": {"name": "audit"}}}}
RECORDER = {"resource": {"aws_guardduty_detector": {"d": {"enable": True}}}}
REASON = "this stack owns the detector"


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def written(folder: Path, content: object) -> str:
    (folder / "cdk.tf.json").write_text(json.dumps(content))
    return str(folder)


def test_account_level_resources_of_the_earlier_template_are_found(runner: CliRunner) -> None:
    result = runner.invoke(app, [str(DATA / "account-level-resources")])

    assert result.exit_code == 1
    assert result.stdout == (
        "error account-singleton aws_config_configuration_recorder.recorder\n"
        "  AWS allows 1 of it per account and Region: a second one fails with "
        "MaxNumberOfConfigurationRecordersExceededException (AWS Config API: PutConfigurationRecorder).\n"
        "  Remove it from this stack; manage it in one that is deployed once per account and Region.\n"
        "error account-singleton aws_config_configuration_recorder_status.recorder-status\n"
        "  It belongs to the whole account and Region: it starts and stops the one recorder of the account and Region "
        "(Terraform provider docs: aws_config_configuration_recorder_status).\n"
        "  Remove it from this stack; manage it in one that is deployed once per account and Region.\n"
        "error account-singleton aws_config_delivery_channel.channel\n"
        "  AWS allows 1 of it per account and Region: a second one fails with "
        "MaxNumberOfDeliveryChannelsExceededException (AWS Config API: PutDeliveryChannel).\n"
        "  Remove it from this stack; manage it in one that is deployed once per account and Region.\n"
        "9 resources: 3 errors, 0 warnings.\n"
    )


def test_the_key_policy_cycle_of_the_earlier_template_is_found(runner: CliRunner) -> None:
    result = runner.invoke(app, [str(DATA / "key-policy-cycle" / "cdk.tf.json"), "--format", "json"])

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "findings": [
            {
                "rule": "dependency-cycle",
                "severity": "error",
                "address": "aws_cloudwatch_log_group.logs",
                "problem": "Terraform cannot order these, because each refers to the next: "
                "aws_cloudwatch_log_group.logs (kms_key_id) -> aws_kms_key.key (policy) -> "
                "aws_iam_role.role (inline_policy.policy) -> aws_cloudwatch_log_group.logs. "
                "In the same knot: aws_dynamodb_table.table, aws_kinesis_stream.stream.",
                "remedy": "Let the policy of aws_kms_key.key name the account root instead; "
                "give the role its permissions on the key in its own policy.",
            },
            {
                "rule": "key-policy-principal",
                "severity": "error",
                "address": "aws_kms_key.key",
                "problem": "Statement 'AllowLambda' of the policy (Principal) names aws_iam_role.role, "
                "which this stack creates: aws_kms_key.key -> aws_iam_role.role closes a cycle with "
                "aws_iam_role.role -> aws_cloudwatch_log_group.logs -> aws_kms_key.key.",
                "remedy": "Name the account root and service principals only; "
                "give aws_iam_role.role its permissions on the key in its own policy.",
            },
        ],
        "resources": 6,
        "suppressed": [],
        "unjudged": [],
    }


def test_warnings_alone_are_a_success(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, [written(tmp_path, TRAIL)])

    assert result.exit_code == 0
    assert result.stdout.endswith("1 resource: 0 errors, 1 warning.\n")


def test_an_empty_configuration_is_a_success(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, [written(tmp_path, {})])

    assert (result.exit_code, result.stdout) == (0, "0 resources: 0 errors, 0 warnings.\n")


def test_what_is_not_known_is_counted(runner: CliRunner, tmp_path: Path) -> None:
    configuration = {"resource": {"aws_kms_key": {"k": {"policy": "${var.policy}"}}}}

    result = runner.invoke(app, [written(tmp_path, configuration)])

    assert result.stdout == "1 resource: 0 errors, 0 warnings, 2 not judged (--format json says why).\n"


def test_a_module_whose_resources_cannot_be_seen_is_counted(runner: CliRunner, tmp_path: Path) -> None:
    configuration = {"module": {"orders": {"source": "./orders"}}}

    result = runner.invoke(app, [written(tmp_path, configuration), "--format", "json"])

    assert json.loads(result.stdout)["unjudged"] == [
        {"rule": "every rule", "address": "module.orders", "reason": "what a module creates is in a plan only"}
    ]


def test_several_paths_make_one_report(runner: CliRunner, tmp_path: Path) -> None:
    paths = [str(DATA / "account-level-resources"), str(DATA / "key-policy-cycle"), written(tmp_path, TRAIL)]

    result = runner.invoke(app, paths)

    assert result.stdout.endswith("16 resources: 5 errors, 1 warning.\n")


def test_a_finding_is_accepted_on_the_command_line(runner: CliRunner, tmp_path: Path) -> None:
    suppression = f"account-singleton@aws_guardduty_detector.d: {REASON}"

    result = runner.invoke(app, [written(tmp_path, RECORDER), "--suppress", suppression])

    assert (result.exit_code, result.stdout) == (
        0,
        (
            f"suppressed account-singleton aws_guardduty_detector.d: {REASON}\n"
            "1 resource: 0 errors, 0 warnings, 1 suppressed.\n"
        ),
    )


def test_a_finding_is_accepted_in_the_metadata_of_its_resource(runner: CliRunner, tmp_path: Path) -> None:
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
            "suppression 'account-singleton@aws_guardduty_detector.d': it has no reason. Write RULE@ADDRESS: REASON.",
        ),
        ("no", "suppression 'no': it names no rule and address. Write RULE@ADDRESS: REASON."),
        (
            "singleton@aws_guardduty_detector.d: because",
            (
                "suppression 'singleton@aws_guardduty_detector.d': no rule has this name; there are account-singleton, "
                "alarm-delivery, alarm-metric, dependency-cycle, ephemeral-protection, key-policy-principal, "
                "network-path, resource-name, role-permissions. Write RULE@ADDRESS: REASON."
            ),
        ),
    ],
    ids=["no reason", "no address", "no such rule"],
)
def test_a_suppression_that_says_too_little_is_refused(
    runner: CliRunner, tmp_path: Path, suppression: str, sentence: str
) -> None:
    result = runner.invoke(app, [written(tmp_path, RECORDER), "--suppress", suppression])

    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{sentence}\n")


def test_a_suppression_in_metadata_needs_a_reason_too(runner: CliRunner, tmp_path: Path) -> None:
    detector = {"//": {"guardrails": {"account-singleton": " "}}}

    result = runner.invoke(app, [written(tmp_path, {"resource": {"aws_guardduty_detector": {"d": detector}}})])

    assert (result.exit_code, result.stderr) == (
        2,
        "suppression 'account-singleton@aws_guardduty_detector.d': it has no reason. Write RULE@ADDRESS: REASON.\n",
    )


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.tf.json", b"{", "it is not JSON: Expecting property name enclosed in double quotes in line 1"),
        ("a.tf.json", b"", "it is not JSON: Expecting value in line 1"),
        ("a.tf.json", b"\xff\xfe\x00", "it is not text in UTF-8"),
        pytest.param("a.tf.json", b"[" * 100_000, "it is nested deeper than 100 levels", id="100,000 levels"),
        ("a.tf.json", b'{"a":' * 200 + b"1" + b"}" * 200, "it is nested deeper than 100 levels"),
        ("a.tf.json", b"5", "the file is not an object"),
        ("a.json", b"5", "it is JSON, but neither a Terraform configuration nor a plan"),
        ("a.json", b'{"a": 1}', "it is JSON, but neither a Terraform configuration nor a plan"),
        ("a.json", b'{"format_version": "1", "values": 5}', None),
        ("a.tf.json", None, "No such file or directory"),
    ],
)
def test_input_that_cannot_be_read_is_one_line(
    runner: CliRunner, tmp_path: Path, name: str, content: bytes | None, reason: str | None
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    result = runner.invoke(app, [str(file)])

    reason = reason or "it has a format_version, but not the form of 'terraform show -json'"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{file}: {reason}. {USAGE}\n")


def test_a_folder_without_configurations_is_refused(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, [str(tmp_path)])

    assert (result.exit_code, result.stderr) == (2, f"{tmp_path}: no *.tf.json file is in this folder. {USAGE}\n")


def test_a_file_that_is_too_large_is_refused(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "a.tf.json"
    with file.open("wb") as large:
        large.truncate(50_000_000)

    result = runner.invoke(app, [str(file)])

    assert (result.exit_code, result.stderr) == (
        2,
        f"{file}: 50,000,000 bytes are more than the 33,554,432 that are read. {USAGE}\n",
    )


@pytest.mark.parametrize(("lifetime", "exit_code", "errors"), [("ephemeral", 1, 1), ("production", 0, 0)])
def test_a_stack_is_set_as_ephemeral_or_as_production(
    runner: CliRunner, tmp_path: Path, lifetime: str, exit_code: int, errors: int
) -> None:
    bucket = {"resource": {"aws_s3_bucket": {"b": {"bucket": "orders"}}}}

    result = runner.invoke(app, [written(tmp_path, bucket), "--lifetime", lifetime, "--format", "json"])

    assert result.exit_code == exit_code
    assert len(json.loads(result.stdout)["findings"]) == errors
