"""The guardian ends everything when its pipe closes, also what does not want to end."""

import subprocess
import sys

STUBBORN = """
import signal, subprocess, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
subprocess.Popen(["sleep", "60"], start_new_session=True)
print("up", flush=True)
time.sleep(60)
"""


def test_a_server_that_ignores_its_end_is_killed_with_what_it_started() -> None:
    guarded = [sys.executable, "-m", "embedded_localstack.supervision.supervisor", sys.executable, "-c", STUBBORN]
    with subprocess.Popen(guarded, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as guardian:
        assert guardian.stdout is not None
        assert guardian.stdin is not None
        assert guardian.stdout.readline() == "up\n"

        guardian.stdin.close()

        # The pipe ends only when nobody holds it any more: neither the server nor what it has started.
        assert guardian.stdout.read() == "guardian: LocalStack ended with exit code -9\n"
        assert guardian.wait(timeout=10) == 247
