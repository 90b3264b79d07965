"""The program that synthesizes the stack and checks it."""

import json
import os
from pathlib import Path

import pytest

import main


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment variables of the program. The program may add some."""
    shell = {"PATH": os.environ["PATH"], "CDKTF_OUTDIR": str(tmp_path / "out")}
    monkeypatch.setattr(os, "environ", shell)
    return shell


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def test_bad_setting_is_one_line_on_stderr_and_exit_code_1(
    shell: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell["ENVIRONMENT_SUFFIX"] = "UPPER"

    code = main.main()

    assert (code, *capsys.readouterr()) == (
        1,
        "",
        "ENVIRONMENT_SUFFIX is 'UPPER', but must be 1 to 20 of a-z, 0-9 and '-', without '-' at either end.\n",
    )
    assert not (tmp_path / "out").exists()


def test_missing_state_is_one_line_on_stderr_and_exit_code_1(
    shell: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "STATE_BUCKET" not in shell

    code = main.main()

    out, err = capsys.readouterr()
    assert (code, out) == (1, "")
    assert err == (
        "STATE_BUCKET is not set. Set it to the name of an S3 bucket for the Terraform state."
        " Or set LOCAL_STATE=true to keep the state in this working copy."
        " Or set EPHEMERAL=true for an environment without protection against deletion.\n"
    )
    assert not (tmp_path / "out").exists()


def test_missing_node_is_one_line_with_the_remedy(
    shell: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shell["EPHEMERAL"] = "true"
    shell["JSII_NODE"] = str(tmp_path / "node")

    code = main.main()

    assert (code, *capsys.readouterr()) == (
        1,
        "",
        "CDKTF needs Node.js, and it is not on the PATH. Run 'make setup' to install it.\n",
    )


def test_finding_is_printed_and_fails(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_guardduty_detector": {"detector": {}}}}))

    code = main.check(folder)

    out, err = capsys.readouterr()
    assert (code, out, err.splitlines()[0]) == (1, "", "error account-singleton aws_guardduty_detector.detector")


def test_stack_without_findings_prints_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "cdk.tf.json").write_text(json.dumps({"resource": {}}))

    code = main.check(folder)

    assert (code, *capsys.readouterr()) == (0, "", "")
