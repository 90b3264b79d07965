"""`make clean` deletes no state that lists resources."""

import json
from pathlib import Path

import pytest

from tools import states

TABLE = {"mode": "managed", "type": "aws_dynamodb_table", "name": "ledger", "instances": [{}]}
SUBNETS = {"mode": "managed", "type": "aws_subnet", "name": "private", "instances": [{}, {}]}
ACCOUNT = {"mode": "data", "type": "aws_caller_identity", "name": "account", "instances": [{}]}


@pytest.fixture
def out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder with a stack, below the current directory."""
    monkeypatch.chdir(tmp_path)
    stack = tmp_path / "out" / "stacks" / "pipeline"
    stack.mkdir(parents=True)
    return stack


def test_state_with_resources_is_named(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "terraform.dev.tfstate").write_text(json.dumps({"resources": [TABLE, SUBNETS, ACCOUNT]}))

    code = states.main(["out", "missing"])

    out_text, err = capsys.readouterr()
    assert (code, out_text) == (1, "")
    assert err == (
        "'make clean' would delete these Terraform states:\n"
        "  out/stacks/pipeline/terraform.dev.tfstate: 3 resources\n"
        "Destroy the resources first: 'cdktf destroy', or '.venv/bin/terraform-harness destroy RUN' for a kept run."
        " Or move the states to another folder.\n"
    )


@pytest.mark.parametrize("text", ["", "[]", '{"resources": [{}]}', '{"resources": 1}'])
def test_state_that_cannot_be_read_is_named(out: Path, text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (out / "terraform.dev.tfstate").write_text(text)

    code = states.main(["out"])

    assert code == 1
    assert "  out/stacks/pipeline/terraform.dev.tfstate: not readable as a state\n" in capsys.readouterr().err


@pytest.mark.parametrize("resources", [[], [ACCOUNT]])
def test_destroyed_stack_is_accepted(out: Path, resources: list[object], capsys: pytest.CaptureFixture[str]) -> None:
    (out / "terraform.dev.tfstate").write_text(json.dumps({"resources": resources}))
    # Terraform's copy of the state before the destroy, and its file about the backend.
    (out / "terraform.dev.tfstate.backup").write_text(json.dumps({"resources": [TABLE]}))
    (out / ".terraform").mkdir()
    (out / ".terraform" / "terraform.tfstate").write_text(json.dumps({"backend": {"type": "s3"}}))

    code = states.main(["out"])

    assert (code, *capsys.readouterr()) == (0, "", "")
