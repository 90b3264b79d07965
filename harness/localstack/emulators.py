"""DynamoDB Local and the Kinesis mock, inside LocalStack, from the locked npm packages."""
# ruff: noqa: SLF001  (LocalStack offers no setting for where these are: what it would call is replaced by name)

import logging
import os
from pathlib import Path

from localstack.services.dynamodb import server as dynamodb
from localstack.services.dynamodb.packages import DynamoDBLocalPackageInstaller
from localstack.services.kinesis import kinesis_mock_server as kinesis
from localstack.services.kinesis.packages import KinesisMockNodePackageInstaller

from harness.localstack import settings
from harness.localstack.tether import tethered


def use_dynamodb_local() -> None:
    """Point LocalStack at the jar, the Java and a log file of our choice."""
    original_command = dynamodb.DynamodbServer._create_shell_command
    log = _log_to_file("dynamodb-local.log")

    def command(server: dynamodb.DynamodbServer) -> list[str]:
        # The agent only raises the number of indexes beyond 20, and is one more download.
        arguments = [part for part in original_command(server)[1:] if not part.startswith("-javaagent")]
        return tethered([os.environ[settings.JAVA], *arguments])

    dynamodb.DynamodbServer._create_shell_command = command
    dynamodb._log_listener = lambda line, **_: log.info(line.rstrip())
    DynamoDBLocalPackageInstaller.get_installed_dir = lambda _: os.environ[settings.DYNAMODB_LOCAL]
    DynamoDBLocalPackageInstaller.get_java_env_vars = lambda _: {}


def use_kinesis_local() -> None:
    """Point LocalStack at the script, the Node.js and a log file of our choice."""
    log = _log_to_file("kinesis-local.log")

    def command(server: kinesis.KinesisMockNodeServer) -> tuple[list[str], dict[str, str]]:
        return tethered([os.environ[settings.NODE], str(server._exe_path)]), server._environment_variables

    kinesis.KinesisMockNodeServer._create_shell_command = command
    kinesis.KinesisMockServer._log_listener = lambda _, line, **__: log.info(line.rstrip())
    KinesisMockNodePackageInstaller.get_installed_dir = lambda _: str(Path(os.environ[settings.NODE_MODULES]).parent)


def _log_to_file(name: str) -> logging.Logger:
    log = logging.getLogger(f"harness.localstack.{name}")
    log.addHandler(logging.FileHandler(Path(os.environ[settings.RUN_DIRECTORY]) / name))
    log.propagate = False
    return log
