"""What was synthesized is checked: findings go to standard error, and an error is exit code 1."""

import json
from pathlib import Path

import pytest

import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_a_finding_is_printed_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_guardduty_detector": {"detector": {}}}}))

    code = main.check(folder)

    out, err = capsys.readouterr()
    assert (code, out, err.splitlines()[0]) == (1, "", "error account-singleton aws_guardduty_detector.detector")


def test_nothing_to_say_is_silence(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"resource": {}}))

    code = main.check(folder)

    assert (code, *capsys.readouterr()) == (0, "", "")
