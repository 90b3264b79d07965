"""The real LocalStack as a child process, without Docker and without a token."""

import shutil
import subprocess
import sys
from collections.abc import Collection, Mapping
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from embedded_localstack.call_log.client import CallLog
from embedded_localstack.errors import LocalStackDiedError
from embedded_localstack.faults.client import Faults
from embedded_localstack.ports import assert_free, free_port
from embedded_localstack.programs import find_programs
from embedded_localstack.readiness import assert_supported, wait_until_ready
from embedded_localstack.settings import client_environment, server_environment
from embedded_localstack.supervision.detached import start_detached

if TYPE_CHECKING:
    from boto3 import Session

_SECONDS_TO_START = 60.0
_SECONDS_TO_STOP = 5.0
_REMOVED_ON_STOP = ("filesystem", "home", "tmp")


class LocalStack:
    """One LocalStack with all its folders below ``run_directory``; a context manager.

    Attributes:
        run_directory: The run directory.
        log_file: The log of LocalStack, which ``stop`` does not remove.
        client: Creates a boto3 client: ``localstack.client("sqs")``. It takes the arguments of ``boto3.client``.

    Args:
        run_directory: A folder for this LocalStack only.
        port: The port on 127.0.0.1; by default a free one.
        services: AWS services that must respond to an API call before ``start`` returns.
        node_modules: The folder with the npm packages; by default as ``find_programs`` finds it.
        overrides: LocalStack settings that take precedence over those of this package.
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
        self.client = self.session().client
        self._wanted_port = port
        self._services = services
        self._node_modules = node_modules
        self._overrides = dict(overrides or {})
        self._port = 0
        self._supervisor: subprocess.Popen[bytes] | None = None

    @property
    def endpoint_url(self) -> str:
        """The address of all services."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables that direct a process to this LocalStack and nowhere else."""
        return client_environment(self.endpoint_url)

    @property
    def faults(self) -> Faults:
        """Injects faults into API calls."""
        return Faults(self.endpoint_url)

    @property
    def call_log(self) -> CallLog:
        """The API calls that functions have made."""
        return CallLog(self.endpoint_url)

    def session(self) -> "Session":
        """Create a boto3 session whose clients and resources call this LocalStack."""
        # This import is late because the supervisor imports this package too, and LocalStack waits for it.
        from embedded_localstack.sessions import LocalStackSession  # noqa: PLC0415

        return LocalStackSession(lambda: self.endpoint_url)

    def start(self) -> None:
        """Start LocalStack, and return when the services respond.

        Raises:
            PortBusyError, UnknownServiceError, MissingProgramError, LocalStackDiedError, NotReadyError: The start
                failed; no process is running.
        """
        assert_supported(self._services)
        programs = find_programs(self._node_modules)
        if self._wanted_port is not None:
            assert_free(self._wanted_port)
        self._port = self._wanted_port or free_port()
        (self.run_directory / "tmp").mkdir(parents=True, exist_ok=True)
        environment = server_environment(
            port=self._port, run_directory=self.run_directory, programs=programs, overrides=self._overrides
        )
        with self.log_file.open("ab") as log:
            self._supervisor = subprocess.Popen(
                [
                    sys.executable,
                    "-m",
                    "embedded_localstack.supervision.supervisor",
                    sys.executable,
                    "-m",
                    "localstack.runtime.main",
                ],
                # DynamoDB Local writes a file into its working folder.
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
                session=self.session(),
                seconds=_SECONDS_TO_START,
                check=self.check,
                log_file=self.log_file,
            )
        except BaseException:
            self.stop()
            raise

    def check(self) -> None:
        """Raise LocalStackDiedError, with the last lines of the log, if LocalStack stopped unexpectedly."""
        if self._supervisor and (code := self._supervisor.poll()) is not None:
            raise LocalStackDiedError(reason=f"exit code {code}", log_file=self.log_file)

    def reset(self) -> None:
        """Restart LocalStack without its state, at the same address: not all services can clear their state."""
        self.stop()
        self._wanted_port = self._port
        self.start()

    def detach(self, follow: int | None = None) -> int:
        """Keep LocalStack running after this process, and return the process id for ``stop_detached``.

        Args:
            follow: The id of a process. When this process ends, LocalStack stops.
        """
        if self._supervisor is None or self._supervisor.stdin is None:
            raise LocalStackDiedError(reason="it was not running", log_file=self.log_file)
        supervisor, pipe = self._supervisor, self._supervisor.stdin
        self._supervisor = None
        holder = start_detached(pipe, self.run_directory, follow=follow)
        pipe.close()
        # A return code suppresses the warning that the process is still running.
        supervisor.returncode = 0
        return holder

    def stop(self) -> None:
        """Stop LocalStack and every process that it started; keep the logs. Do nothing if it is not running."""
        if self._supervisor is None:
            return
        supervisor, self._supervisor = self._supervisor, None
        try:
            supervisor.communicate(timeout=_SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            # Each process receives SIGKILL when its parent dies, so no process survives this.
            supervisor.kill()
            supervisor.wait()
        for folder in _REMOVED_ON_STOP:
            shutil.rmtree(self.run_directory / folder, ignore_errors=True)

    def __enter__(self) -> Self:
        """Start LocalStack."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop LocalStack."""
        self.stop()


def log_of(run_directory: Path) -> Path:
    """Return the log file of a LocalStack with this run directory."""
    return run_directory / "localstack.log"
