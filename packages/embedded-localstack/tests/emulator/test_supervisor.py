"""The supervisor kills all processes when its pipe closes."""

import subprocess
import sys

IGNORES_SIGTERM = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "60"], start_new_session=True)
print("up", flush=True)
time.sleep(60)
"""


def test_server_that_ignores_sigterm_is_killed_with_its_children() -> None:
    command = [sys.executable, "-m", "embedded_localstack.supervision.supervisor"]
    server = [sys.executable, "-c", IGNORES_SIGTERM]
    with subprocess.Popen([*command, *server], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as supervisor:
        assert supervisor.stdout is not None
        assert supervisor.stdin is not None
        assert supervisor.stdout.readline() == "up\n"

        supervisor.stdin.close()

        # The server and its child have inherited the pipe: it closes when both have ended.
        assert supervisor.stdout.read() == "supervisor: LocalStack ended with exit code -9\n"
        assert supervisor.wait(timeout=10) == 247
