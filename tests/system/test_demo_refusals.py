"""Invalid options of the demo: one error that reports what happened, where, and what to do next."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent.parent
ALLOWED_SUFFIX = "1 to 20 of a-z, 0-9 and '-', without '-' at either end"

pytestmark = pytest.mark.localstack("the demo starts its own LocalStack")


def demo(*arguments: str, environment: Mapping[str, str] = os.environ) -> tuple[int, str]:
    """Run a demo that fails early, and return its exit code and standard error."""
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


def failure(sentence: str) -> tuple[int, str]:
    return 1, f"Error: {sentence}\n"


def run_folders() -> list[Path]:
    """Return the folders of runs, except the one that the workers of a parallel session share."""
    return sorted(path for path in (PROJECT / ".runs").glob("2*") if path.is_dir() and "shared" not in path.name)


@pytest.fixture
def runs_before() -> Iterator[None]:
    """Check that the test neither adds nor removes the folder of a run."""
    before = run_folders()
    yield
    assert run_folders() == before


@pytest.fixture
def busy_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.mark.parametrize("suffix", ["UPPER", "a" * 21, "-x", "x-", "a_b", ""])
@pytest.mark.usefixtures("runs_before")
def test_invalid_suffix(suffix: str) -> None:
    result = demo(f"--suffix={suffix}")

    assert result == failure(
        f"'.venv/bin/python main.py' failed with exit code 1 in {PROJECT}:\n"
        f"  ENVIRONMENT_SUFFIX is '{suffix}', but must be {ALLOWED_SUFFIX}.",
    )


@pytest.mark.usefixtures("runs_before")
def test_busy_port(busy_port: int) -> None:
    result = demo(f"--port={busy_port}")

    assert result == failure(
        f"Port {busy_port} on 127.0.0.1 is in use, so LocalStack cannot listen on it. "
        "Stop the process that uses the port, or omit the port: then LocalStack takes a free one.",
    )


@pytest.mark.usefixtures("runs_before")
def test_missing_terraform(tmp_path: Path) -> None:
    result = demo(environment={**os.environ, "PATH": str(tmp_path)})

    assert result == failure(
        "Terraform is not on the PATH: install version 1.11 or newer from "
        "https://developer.hashicorp.com/terraform/install.",
    )


@pytest.mark.usefixtures("runs_before")
def test_missing_input_file(tmp_path: Path) -> None:
    result = demo(f"--input={tmp_path}/absent.jsonl")

    assert result == failure(
        f"Cannot read {tmp_path}/absent.jsonl: No such file or directory. "
        "Give a UTF-8 text file with one transaction on each line.",
    )


@pytest.mark.usefixtures("runs_before")
def test_input_file_that_is_not_utf8(tmp_path: Path) -> None:
    file = tmp_path / "transactions.jsonl"
    file.write_bytes(b'{"transactionId": "a"}\n{"transactionId": "\xff"}\n')

    result = demo(f"--input={file}")

    assert result == failure(
        f"Cannot read line 2 of {file}: byte 20 is not UTF-8. "
        "Give a UTF-8 text file with one transaction on each line.",
    )
