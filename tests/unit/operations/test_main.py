import io
from pathlib import Path

import pytest

from operations import __main__ as command_line


@pytest.fixture(autouse=True)
def no_target(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A machine that knows no region and has no credentials."""
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE", "AWS_ACCESS_KEY_ID", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "no-config"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    """Run the command line and return its exit code."""
    monkeypatch.setattr("sys.argv", ["operations", *arguments])
    with pytest.raises(SystemExit) as exited:
        command_line.main()
    return exited.value.code


def test_a_missing_file_is_one_line_and_exit_code_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "send", "nowhere.jsonl", "--stream", "transactions")

    assert code == 1
    assert capsys.readouterr().err == (
        "Cannot read nowhere.jsonl: No such file or directory. "
        "Give a UTF-8 text file with one transaction on each line.\n"
    )


def test_a_machine_without_a_region_is_told_what_to_set(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "replay", "--bucket", "quarantine", "--stream", "transactions")

    assert code == 1
    assert capsys.readouterr().err == (
        "Cannot reach kinesis (You must specify a region.). "
        "Set AWS_REGION and credentials, and for LocalStack AWS_ENDPOINT_URL.\n"
    )


def test_an_option_that_is_missing_is_exit_code_two(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = run(monkeypatch, "send", "nowhere.jsonl")

    assert code == 2
    assert "--stream" in capsys.readouterr().err


class FakeAws:
    """Kinesis and S3 in one: takes every record, and holds one object that the pipeline did not write."""

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


def test_sending_a_file_says_how_many_records_were_sent(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr("boto3.client", FakeAws)
    (tmp_path / "file.jsonl").write_bytes(b"{}\n[]\n")

    code = run(monkeypatch, "send", str(tmp_path / "file.jsonl"), "--stream", "transactions")

    assert (code, capsys.readouterr().out) == (0, "Sent 2 records to transactions.\n")


def test_a_replay_names_what_it_left_behind_and_exits_with_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("boto3.client", FakeAws)

    code = run(monkeypatch, "replay", "--bucket", "bucket", "--stream", "transactions", "--prefix", "rejected/")

    said = capsys.readouterr()
    assert (code, said.out) == (1, "Replayed 0 records of 0 objects from bucket to transactions.\n")
    assert said.err == "Left s3://bucket/rejected/bucket-stray where it is: it holds no record of the pipeline.\n"
