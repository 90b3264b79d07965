"""`embedded-localstack start` as a subprocess."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import boto3
import psutil
import pytest

from localstack_support.processes import wait_until_gone

_README = Path(__file__).parents[2] / "README.md"
_START = [sys.executable, "-m", "embedded_localstack", "start", "--services", "dynamodb"]


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[subprocess.Popen[str]]:
    """The command in the background of a shell, which makes it ignore SIGINT; temporary files are in `tmp_path`."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    process = subprocess.Popen(_START, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    with process:
        yield process
        process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_command_serves_until_a_signal_and_leaves_nothing(
    command: subprocess.Popen[str], tmp_path: Path, number: signal.Signals
) -> None:
    assert command.stdout is not None
    assert command.stderr is not None
    output = "".join(iter(command.stdout.readline, "Press Ctrl-C to stop.\n"))
    exported = dict(re.findall(r"export (\w+)=(\S+)", output))
    sqs = boto3.client(
        "sqs",
        endpoint_url=exported["AWS_ENDPOINT_URL"],
        aws_access_key_id=exported["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=exported["AWS_SECRET_ACCESS_KEY"],
        region_name=exported["AWS_REGION"],
    )
    queue = sqs.create_queue(QueueName="any")["QueueUrl"]
    processes = psutil.Process(command.pid).children(recursive=True)

    command.send_signal(number)
    code = command.wait(timeout=30)

    assert _like_the_readme(output) in _README.read_text()
    assert queue.endswith("/any")
    assert (code, command.stdout.read(), command.stderr.read()) == (0, "LocalStack stopped.\n", "")
    assert len(processes) >= 3
    wait_until_gone(processes)
    assert list(tmp_path.iterdir()) == []


def test_command_reports_a_killed_localstack(command: subprocess.Popen[str]) -> None:
    assert command.stdout is not None
    assert command.stderr is not None
    output = "".join(iter(command.stdout.readline, "Press Ctrl-C to stop.\n"))
    (supervisor,) = psutil.Process(command.pid).children()

    supervisor.kill()
    code = command.wait(timeout=30)

    log = re.findall(r"Log: (\S+)", output)[0]
    assert code == 1
    assert command.stderr.read().startswith(
        f"Error: LocalStack stopped unexpectedly (exit code -9). The last lines of {log}:\n"
    )
    assert Path(log).exists()


def _like_the_readme(output: str) -> str:
    """Replace the port and the temporary folder."""
    with_port = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:4566", output)
    return re.sub(r"Log: \S+", "Log: /tmp/embedded-localstack-h2vq5x1c/localstack.log", with_port)
