"""The operator's command line: output, errors and exit codes."""

import io
from pathlib import Path

import pytest

from operations import __main__ as command_line


@pytest.fixture(autouse=True)
def no_target(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Configure boto3 without Region, credentials or endpoint."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "no-credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Run the command line and return its exit code."""
    monkeypatch.setattr("sys.argv", ["operations", *arguments])
    with pytest.raises(SystemExit) as exited:
        command_line.main()
    return exited.value.code


def test_missing_file_is_one_line_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "send", "nowhere.jsonl", "--stream", "transactions")

    assert code == 1
    assert capsys.readouterr().err == (
        "Cannot read nowhere.jsonl: No such file or directory. "
        "Give a UTF-8 text file with one transaction on each line.\n"
    )


def test_missing_region_is_reported_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "replay", "--bucket", "quarantine", "--stream", "transactions")

    assert code == 1
    assert capsys.readouterr().err == ("Cannot create a client for kinesis: no AWS Region is set. Set AWS_REGION.\n")


def test_missing_credentials_are_reported_as_such(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("AWS_REGION", "us-east-1")
    (tmp_path / "file.jsonl").write_bytes(b"{}\n")

    code = run(monkeypatch, "send", str(tmp_path / "file.jsonl"), "--stream", "transactions")

    assert code == 1
    assert capsys.readouterr().err == (
        "Cannot send to stream transactions: no AWS credentials found. "
        "Set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.\n"
    )


def test_missing_option_is_exit_code_2(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(monkeypatch, "send", "nowhere.jsonl")

    assert code == 2
    assert "--stream" in capsys.readouterr().err


class FakeAws:
    """Kinesis and S3 clients: every record is accepted, and the bucket has one object that is not ours."""

    def __init__(self, service: str, **_: object) -> None:
        assert service in {"kinesis", "s3"}

    def put_records(self, *, StreamName: str, Records: list[object]) -> object:  # noqa: N803 - boto3's names
        return {"Records": [{"SequenceNumber": f"{StreamName}-{number}"} for number, _ in enumerate(Records)]}

    def get_paginator(self, _: str) -> "FakeAws":
        return self

    def paginate(self, *, Bucket: str, Prefix: str) -> list[object]:  # noqa: N803 - boto3's names
        return [{"Contents": [{"Key": f"{Prefix}{Bucket}-stray"}]}]

    def get_object(self, **_: str) -> object:
        return {"Body": io.BytesIO(b"stray")}


def test_send_reports_the_number_of_records(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("boto3.client", FakeAws)
    (tmp_path / "file.jsonl").write_bytes(b"{}\n[]\n")

    code = run(monkeypatch, "send", str(tmp_path / "file.jsonl"), "--stream", "transactions")

    assert (code, capsys.readouterr().out) == (0, "Sent 2 records to transactions.\n")


def test_replay_lists_skipped_objects_with_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("boto3.client", FakeAws)

    code = run(monkeypatch, "replay", "--bucket", "bucket", "--stream", "transactions", "--prefix", "rejected/")

    output = capsys.readouterr()
    assert (code, output.out) == (1, "Replayed 0 records of 0 objects from bucket to transactions.\n")
    assert output.err == "Skipped s3://bucket/rejected/bucket-stray: the pipeline did not write it.\n"
