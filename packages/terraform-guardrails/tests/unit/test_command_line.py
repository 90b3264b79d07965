"""The command prints text or JSON and exits with 0, 1 or 2, never with a traceback."""

import json
from importlib.metadata import version
from pathlib import Path

import pytest
from typer.testing import CliRunner

from terraform_guardrails.__main__ import app

DATA = Path(__file__).parents[1] / "data"
USAGE = "Pass a *.tf.json file, a folder with such files, or the output of 'terraform show -json'."
TRAIL = {"resource": {"aws_cloudtrail": {"audit": {"name": "audit"}}}}


@pytest.fixture
def runner() -> CliRunner:
    return CliRunner()


def written(folder: Path, content: object) -> str:
    (folder / "cdk.tf.json").write_text(json.dumps(content))
    return str(folder)


def test_account_level_resources_are_found(runner: CliRunner) -> None:
    result = runner.invoke(app, [str(DATA / "account-level-resources")])

    assert result.exit_code == 1
    assert result.stdout == (
        "error account-singleton aws_config_configuration_recorder.recorder\n"
        "  AWS allows 1 per account and Region: a second one fails with "
        "MaxNumberOfConfigurationRecordersExceededException (AWS Config API: PutConfigurationRecorder).\n"
        "  Remove it from this stack. Create it in a stack that is deployed once per account and Region.\n"
        "error account-singleton aws_config_configuration_recorder_status.recorder-status\n"
        "  It applies to the whole account and Region: it starts and stops the one recorder of the account and Region "
        "(Terraform provider docs: aws_config_configuration_recorder_status).\n"
        "  Remove it from this stack. Create it in a stack that is deployed once per account and Region.\n"
        "error account-singleton aws_config_delivery_channel.channel\n"
        "  AWS allows 1 per account and Region: a second one fails with "
        "MaxNumberOfDeliveryChannelsExceededException (AWS Config API: PutDeliveryChannel).\n"
        "  Remove it from this stack. Create it in a stack that is deployed once per account and Region.\n"
        "9 resources: 3 errors, 0 warnings.\n"
    )


def test_a_cycle_through_the_key_policy_is_found(runner: CliRunner) -> None:
    result = runner.invoke(app, [str(DATA / "key-policy-cycle" / "cdk.tf.json"), "--format", "json"])

    assert result.exit_code == 1
    assert json.loads(result.stdout) == {
        "findings": [
            {
                "rule": "dependency-cycle",
                "severity": "error",
                "address": "aws_cloudwatch_log_group.logs",
                "problem": "Terraform cannot order these resources, because each depends on the next: "
                "aws_cloudwatch_log_group.logs (kms_key_id) -> aws_kms_key.key (policy) -> "
                "aws_iam_role.role (inline_policy.policy) -> aws_cloudwatch_log_group.logs. "
                "Also in a cycle with them: aws_dynamodb_table.table, aws_kinesis_stream.stream.",
                "remedy": "Name the account root instead in the policy of aws_kms_key.key. "
                "Grant the role its permissions on the key in the role's own policy.",
            },
            {
                "rule": "key-policy-principal",
                "severity": "error",
                "address": "aws_kms_key.key",
                "problem": "Principal in statement 'AllowLambda' of the policy names aws_iam_role.role, "
                "which this stack creates: aws_kms_key.key -> aws_iam_role.role closes a cycle with "
                "aws_iam_role.role -> aws_cloudwatch_log_group.logs -> aws_kms_key.key.",
                "remedy": "Name only the account root and service principals. "
                "Grant aws_iam_role.role its permissions on the key in its own policy.",
            },
        ],
        "resources": 6,
        "suppressed": [],
        "unjudged": [],
    }


def test_warnings_exit_with_0(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, [written(tmp_path, TRAIL)])

    assert result.exit_code == 0
    assert result.stdout.endswith("1 resource: 0 errors, 1 warning.\n")


def test_an_empty_configuration_exits_with_0(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, [written(tmp_path, {})])

    assert (result.exit_code, result.stdout) == (0, "0 resources: 0 errors, 0 warnings.\n")


def test_inconclusive_checks_are_counted(runner: CliRunner, tmp_path: Path) -> None:
    configuration = {"resource": {"aws_kms_key": {"k": {"policy": "${var.policy}"}}}}

    result = runner.invoke(app, [written(tmp_path, configuration)])

    assert result.stdout == "1 resource: 0 errors, 0 warnings, 2 inconclusive (use --format json for the reasons).\n"


def test_a_module_is_inconclusive_for_every_rule(runner: CliRunner, tmp_path: Path) -> None:
    configuration = {"module": {"orders": {"source": "./orders"}}}

    result = runner.invoke(app, [written(tmp_path, configuration), "--format", "json"])

    assert json.loads(result.stdout)["unjudged"] == [
        {
            "rule": "every rule",
            "address": "module.orders",
            "reason": "the resources of a module are visible only in a plan",
        }
    ]


def test_several_paths_make_one_report(runner: CliRunner, tmp_path: Path) -> None:
    paths = [str(DATA / "account-level-resources"), str(DATA / "key-policy-cycle"), written(tmp_path, TRAIL)]

    result = runner.invoke(app, paths)

    assert result.stdout.endswith("16 resources: 5 errors, 1 warning.\n")


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.tf.json", b"{", "the file is not JSON: Expecting property name enclosed in double quotes in line 1"),
        ("a.tf.json", b"", "the file is not JSON: Expecting value in line 1"),
        ("a.tf.json", b"\xff\xfe\x00", "the file is not UTF-8 text"),
        pytest.param("a.tf.json", b"[" * 100_000, "the JSON is nested more than 100 levels deep", id="100,000 levels"),
        pytest.param(
            "a.tf.json",
            b'{"a":' * 200 + b"1" + b"}" * 200,
            "the JSON is nested more than 100 levels deep",
            id="200 levels",
        ),
        ("a.tf.json", b"5", "the top level is not an object"),
        ("a.json", b"5", "the file is JSON, but neither a Terraform configuration nor a plan"),
        ("a.json", b'{"a": 1}', "the file is JSON, but neither a Terraform configuration nor a plan"),
        ("a.json", b'{"format_version": "1", "values": 5}', None),
        ("a.tf.json", None, "No such file or directory"),
    ],
)
def test_unreadable_input_exits_with_2_and_one_line(
    runner: CliRunner, tmp_path: Path, name: str, content: bytes | None, reason: str | None
) -> None:
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    result = runner.invoke(app, [str(file)])

    reason = reason or "the file has a format_version, but not the structure of 'terraform show -json'"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"{file}: {reason}. {USAGE}\n")


def test_a_folder_without_configurations_exits_with_2(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(app, [str(tmp_path)])

    assert (result.exit_code, result.stderr) == (2, f"{tmp_path}: the folder has no *.tf.json file. {USAGE}\n")


def test_a_file_over_32_mib_exits_with_2(runner: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "a.tf.json"
    with file.open("wb") as large:
        large.truncate(50_000_000)

    result = runner.invoke(app, [str(file)])

    assert (result.exit_code, result.stderr) == (
        2,
        f"{file}: the file has 50,000,000 bytes; the limit is 33,554,432. {USAGE}\n",
    )


@pytest.mark.parametrize(("lifetime", "exit_code", "errors"), [("ephemeral", 1, 1), ("production", 0, 0)])
def test_the_lifetime_option_decides_the_findings(
    runner: CliRunner, tmp_path: Path, lifetime: str, exit_code: int, errors: int
) -> None:
    bucket = {"resource": {"aws_s3_bucket": {"b": {"bucket": "orders"}}}}

    result = runner.invoke(app, [written(tmp_path, bucket), "--lifetime", lifetime, "--format", "json"])

    assert result.exit_code == exit_code
    assert len(json.loads(result.stdout)["findings"]) == errors


def test_the_version_is_printed(runner: CliRunner) -> None:
    result = runner.invoke(app, ["--version"])

    assert (result.exit_code, result.stdout) == (0, f"terraform-guardrails {version('terraform-guardrails')}\n")


def test_a_missing_path_exits_with_2(runner: CliRunner) -> None:
    result = runner.invoke(app, [])

    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing argument 'PATH...'" in result.stderr
