"""Runs terraform with progress, and reports its errors."""

import json
from pathlib import Path

import pytest

from terraform_harness.terraform.cli import Terraform
from terraform_harness.terraform.errors import TerraformError
from terraform_harness.terraform.progress import Progress, ProgressReader

VERSION = '{"terraform_version": "1.11.4"}'


def error(summary: str, **more: str) -> str:
    return json.dumps({"type": "diagnostic", "diagnostic": {"severity": "error", "summary": summary, **more}})


def complete(action: str, address: str) -> str:
    return json.dumps({"type": "apply_complete", "hook": {"action": action, "resource": {"addr": address}}})


def terraform(folder: Path, script: str) -> Terraform:
    """Return Terraform with a shell script in place of the binary."""
    binary = folder / "bin" / "terraform"
    binary.parent.mkdir()
    binary.write_text(f"#!/bin/sh\nif [ $1 = version ]; then echo '{VERSION}'; exit; fi\n{script}\n")
    binary.chmod(0o755)
    return Terraform(folder, {"PATH": f"{binary.parent}:/bin:/usr/bin"}, cache=folder / "plugins")


def test_progress_counts_finished_resources() -> None:
    progress: list[Progress] = []
    reader = ProgressReader(progress.append)

    for line in (
        "Terraform is not a line of JSON.",
        json.dumps({"type": "planned_change"}),
        json.dumps({"type": "planned_change"}),
        complete("read", "data.aws_region.here"),
        complete("create", "aws_sqs_queue.q"),
        complete("delete", "aws_sqs_queue.old"),
    ):
        reader.read(line)

    assert progress == [
        Progress(action="create", address="aws_sqs_queue.q", done=1, total=2),
        Progress(action="delete", address="aws_sqs_queue.old", done=2, total=2),
    ]


def test_errors_are_diagnostics_with_address_and_detail() -> None:
    reader = ProgressReader(lambda _: None)

    reader.read(error("no queue", address="aws_sqs_queue.q", detail="It exists."))
    reader.read(error("no network"))
    reader.read(json.dumps({"type": "diagnostic", "diagnostic": {"severity": "warning", "summary": "old"}}))

    assert reader.errors == ["aws_sqs_queue.q\nno queue\nIt exists.", "no network"]


@pytest.mark.parametrize(
    ("script", "outcome", "message"),
    [
        (f"echo '{error('first')}'; echo '{error('second')}'; echo err >&2; exit 1", "1", "first\n\nsecond"),
        ("echo err >&2; exit 1", "1", "err"),
        ('echo \'{"type": "version"}\'; exit 1', "1", ""),
    ],
    ids=["diagnostics", "standard error", "neither"],
)
def test_failed_destroy_shows_diagnostics_or_standard_error(
    tmp_path: Path, script: str, outcome: str, message: str
) -> None:
    """The output of a command with progress is JSON, and never a part of the error."""
    with pytest.raises(TerraformError) as failure:
        terraform(tmp_path, script).destroy()

    assert failure.value.message == message
    assert str(failure.value).startswith(
        f"'terraform destroy -json -lock-timeout=15m -parallelism=30 -auto-approve' failed with exit code {outcome} in "
    )


@pytest.mark.parametrize(
    ("script", "message"),
    [("echo out; echo err >&2; exit 1", "err"), ("echo out; exit 1", "out")],
    ids=["standard error", "standard output"],
)
def test_failed_validate_shows_its_output(tmp_path: Path, script: str, message: str) -> None:
    with pytest.raises(TerraformError) as failure:
        terraform(tmp_path, script).validate()

    assert failure.value.message == message


@pytest.mark.parametrize(
    ("output", "value"),
    [
        (r'"\"eu-west-1\""', "eu-west-1"),
        (r'"[\"1\",\"2\"]"', ["1", "2"]),
        ("(known after apply)", None),
        ("", None),
    ],
    ids=["text", "list", "unknown", "no output"],
)
def test_expression_is_evaluated_by_the_console(tmp_path: Path, output: str, value: object) -> None:
    script = f"read expression; echo \"$expression\" > expression\ncat <<'EOT'\nWarning: old\n{output}\nEOT"

    found = terraform(tmp_path, script).evaluate("local.home")

    assert found == value
    assert (tmp_path / "expression").read_text() == "jsonencode(local.home)\n"
