"""Makes LocalStack run DynamoDB Local and the Kinesis emulator from the npm packages.

When one of them dies, LocalStack would restart it without its tables or streams. With this module LocalStack stops
instead, and logs the reason.
"""
# ruff: noqa: SLF001  (LocalStack has no setting for these paths, so its private functions are replaced)

import logging
import os
from pathlib import Path

from localstack.runtime import events
from localstack.services.dynamodb import server as dynamodb
from localstack.services.dynamodb.packages import DynamoDBLocalPackageInstaller
from localstack.services.kinesis import kinesis_mock_server as kinesis
from localstack.services.kinesis.packages import KinesisMockNodePackageInstaller
from localstack.utils.run import ShellCommandThread

from embedded_localstack import settings
from embedded_localstack.supervision.parent_death import die_with_parent

LOG = logging.getLogger(__name__)

# The process lives for minutes beside other busy processes. The quick compiler and the serial garbage collector
# double its speed in the first thousand writes.
_JVM_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class EssentialProcess(ShellCommandThread):  # type: ignore[misc]  # LocalStack has no types
    """A subprocess whose unexpected end stops LocalStack."""

    def __init__(self, command: list[str], *, name: str, **settings: object) -> None:
        super().__init__(command, name=name, **settings)
        self._program = name
        self._stop_requested = False

    def run_cmd(self, _parameters: object) -> None:
        """Run the process; stop LocalStack if the process ends unexpectedly."""
        self.do_run_cmd()
        if not (self._stop_requested or events.infra_stopping.is_set()):
            code = self.process.returncode if self.process else None
            LOG.error("%s died (exit code %s), and its data is lost. LocalStack stops.", self._program, code)
            os._exit(1)

    def stop(self, quiet: bool = False) -> None:  # noqa: FBT001, FBT002  (LocalStack's signature)
        """Stop the process."""
        self._stop_requested = True
        super().stop(quiet)


def use_dynamodb_local() -> None:
    """Configure the jar, the Java and the log file of DynamoDB Local."""
    original_command = dynamodb.DynamodbServer._create_shell_command
    log = _log_to_file("dynamodb-local.log")

    def command(server: dynamodb.DynamodbServer) -> list[str]:
        # The agent only allows more than 20 indexes, and would be another download.
        arguments = [part for part in original_command(server)[1:] if not part.startswith("-javaagent")]
        return die_with_parent([os.environ[settings.JAVA], *_JVM_OPTIONS, *arguments])

    dynamodb.ShellCommandThread = EssentialProcess
    dynamodb.DynamodbServer._create_shell_command = command
    dynamodb._log_listener = lambda line, **_: log.info(line.rstrip())
    DynamoDBLocalPackageInstaller.get_installed_dir = lambda _: os.environ[settings.DYNAMODB_LOCAL]
    DynamoDBLocalPackageInstaller.get_java_env_vars = lambda _: {}


def use_kinesis_local() -> None:
    """Configure the script, the Node.js and the log file of the Kinesis emulator."""
    log = _log_to_file("kinesis-local.log")

    def command(server: kinesis.KinesisMockNodeServer) -> tuple[list[str], dict[str, str]]:
        return die_with_parent([os.environ[settings.NODE], str(server._exe_path)]), server._environment_variables

    kinesis.ShellCommandThread = EssentialProcess
    kinesis.KinesisMockNodeServer._create_shell_command = command
    kinesis.KinesisMockServer._log_listener = lambda _, line, **__: log.info(line.rstrip())
    KinesisMockNodePackageInstaller.get_installed_dir = lambda _: str(Path(os.environ[settings.NODE_MODULES]).parent)


def _log_to_file(name: str) -> logging.Logger:
    log = logging.getLogger(f"embedded_localstack.{name}")
    log.addHandler(logging.FileHandler(Path(os.environ[settings.RUN_DIRECTORY]) / name))
    log.propagate = False
    return log
