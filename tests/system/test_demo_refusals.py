"""What the demo cannot work with gets one clear error: what, where, what next."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
ALLOWED_SUFFIX = "1 to 20 of a-z, 0-9 and '-', without '-' at either end"

pytestmark = pytest.mark.localstack("the demo brings a LocalStack of its own")


def demo(*arguments: str, environment: Mapping[str, str] = os.environ) -> tuple[int, str]:
    """The exit code and standard error of a demo that must not get far."""
    finished = subprocess.run(
        [sys.executable, "-m", "demo", *arguments],
        cwd=PROJECT,
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return finished.returncode, finished.stderr


def refusal(sentence: str) -> tuple[int, str]:
    return 1, f"Error: {sentence}\n"


def run_folders() -> list[Path]:
    """The folders of runs, but for the one that the workers of a parallel session share."""
    return sorted(path for path in (PROJECT / ".runs").glob("2*") if path.is_dir() and "shared" not in path.name)


@pytest.fixture
def runs_before() -> Iterator[None]:
    """The folders of runs are the same after the test as before."""
    before = run_folders()
    yield
    assert run_folders() == before


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("suffix", ["UPPER", "a" * 21, "-x", "x-", "a_b", ""])
@pytest.mark.usefixtures("runs_before")
def test_an_impossible_suffix(suffix: str) -> None:
    answer = demo(f"--suffix={suffix}")

    assert answer == refusal(
        f"'.venv/bin/python main.py' failed with exit code 1 in {PROJECT}:\n"
        f"  ENVIRONMENT_SUFFIX is '{suffix}', but must be {ALLOWED_SUFFIX}.",
    )


@pytest.mark.usefixtures("runs_before")
def test_a_busy_port(busy_port: int) -> None:
    answer = demo(f"--port={busy_port}")

    assert answer == refusal(
        f"Port {busy_port} on 127.0.0.1 is in use, so LocalStack cannot listen there. "
        "Stop what holds it, or give no port and a free one is taken.",
    )


@pytest.mark.usefixtures("runs_before")
def test_a_missing_terraform(tmp_path: Path) -> None:
    answer = demo(environment={**os.environ, "PATH": str(tmp_path)})

    assert answer == refusal(
        "Terraform is not on the PATH: install version 1.11 or newer from "
        "https://developer.hashicorp.com/terraform/install.",
    )


@pytest.mark.usefixtures("runs_before")
def test_an_input_file_that_is_not_there(tmp_path: Path) -> None:
    answer = demo(f"--input={tmp_path}/absent.jsonl")

    assert answer == refusal(
        f"Cannot read {tmp_path}/absent.jsonl: No such file or directory. "
        "Give a UTF-8 text file with one transaction on each line.",
    )


@pytest.mark.usefixtures("runs_before")
def test_an_input_file_with_a_line_that_is_not_text(tmp_path: Path) -> None:
    file = tmp_path / "transactions.jsonl"
    file.write_bytes(b'{"transactionId": "a"}\n{"transactionId": "\xff"}\n')

    answer = demo(f"--input={file}")

    assert answer == refusal(
        f"Cannot read line 2 of {file}: byte 20 is not UTF-8. "
        "Give a UTF-8 text file with one transaction on each line.",
    )
