"""DynamoDB Local and the Kinesis mock, inside LocalStack, from the locked npm packages.

LocalStack starts either again when it dies, empty: every table or stream would silently be gone. Here LocalStack
ends with it and says so.
"""
# ruff: noqa: SLF001  (LocalStack offers no setting for where these are: what it would call is replaced by name)

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
from embedded_localstack.supervision.parent_death import tethered

LOG = logging.getLogger(__name__)

# It lives for minutes beside other busy processes: the quick compiler and a collector without threads of its own
# double its speed in the first thousand writes.
_JVM_OPTIONS = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


class VitalProcess(ShellCommandThread):  # type: ignore[misc]  # LocalStack has no types
    """A subprocess without which LocalStack is not worth keeping."""

    def __init__(self, command: list[str], *, name: str, **settings: object) -> None:
        super().__init__(command, name=name, **settings)
        self._program = name
        self._asked_to_stop = False

    def run_cmd(self, _parameters: object) -> None:
        """Run it once; end LocalStack if it ends before it was asked to."""
        self.do_run_cmd()
        if not (self._asked_to_stop or events.infra_stopping.is_set()):
            code = self.process.returncode if self.process else None
            LOG.error("%s died (exit code %s) and its data with it: LocalStack ends too.", self._program, code)
            os._exit(1)

    def stop(self, quiet: bool = False) -> None:  # noqa: FBT001, FBT002  (LocalStack's signature)
        """End it."""
        self._asked_to_stop = True
        super().stop(quiet)


def use_dynamodb_local() -> None:
    """Point LocalStack at the jar, the Java and a log file of our choice."""
    original_command = dynamodb.DynamodbServer._create_shell_command
    log = _log_to_file("dynamodb-local.log")

    def command(server: dynamodb.DynamodbServer) -> list[str]:
        # The agent only raises the number of indexes beyond 20, and is one more download.
        arguments = [part for part in original_command(server)[1:] if not part.startswith("-javaagent")]
        return tethered([os.environ[settings.JAVA], *_JVM_OPTIONS, *arguments])

    dynamodb.ShellCommandThread = VitalProcess
    dynamodb.DynamodbServer._create_shell_command = command
    dynamodb._log_listener = lambda line, **_: log.info(line.rstrip())
    DynamoDBLocalPackageInstaller.get_installed_dir = lambda _: os.environ[settings.DYNAMODB_LOCAL]
    DynamoDBLocalPackageInstaller.get_java_env_vars = lambda _: {}


def use_kinesis_local() -> None:
    """Point LocalStack at the script, the Node.js and a log file of our choice."""
    log = _log_to_file("kinesis-local.log")

    def command(server: kinesis.KinesisMockNodeServer) -> tuple[list[str], dict[str, str]]:
        return tethered([os.environ[settings.NODE], str(server._exe_path)]), server._environment_variables

    kinesis.ShellCommandThread = VitalProcess
    kinesis.KinesisMockNodeServer._create_shell_command = command
    kinesis.KinesisMockServer._log_listener = lambda _, line, **__: log.info(line.rstrip())
    KinesisMockNodePackageInstaller.get_installed_dir = lambda _: str(Path(os.environ[settings.NODE_MODULES]).parent)


def _log_to_file(name: str) -> logging.Logger:
    log = logging.getLogger(f"terraform_harness.localstack.{name}")
    log.addHandler(logging.FileHandler(Path(os.environ[settings.RUN_DIRECTORY]) / name))
    log.propagate = False
    return log
