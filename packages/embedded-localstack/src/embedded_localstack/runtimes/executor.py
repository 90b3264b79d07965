"""Implements LocalStack's interface for Lambda executors with subprocesses."""

import os
import shutil
import tempfile
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import FunctionVersion, InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import RuntimeExecutor

from embedded_localstack import settings
from embedded_localstack.runtimes import callers
from embedded_localstack.runtimes.embedded_metrics import publish_later
from embedded_localstack.runtimes.environment import function_environment
from embedded_localstack.runtimes.runtime_packages import runtime_folder
from embedded_localstack.runtimes.sandbox import Sandbox, SandboxConfig


class ProcessRuntimeExecutor(RuntimeExecutor):  # type: ignore[misc]  # LocalStack has no types
    """An execution environment of one function version."""

    def __init__(self, id: str, function_version: FunctionVersion) -> None:  # noqa: A002  (LocalStack names it)
        super().__init__(id, function_version)
        self._scratch = Path(tempfile.mkdtemp(prefix="lambda-"))

    def start(self, env_vars: dict[str, object]) -> None:
        """Run the init phase; as on AWS, the first invocation reports a failure."""
        version = self.function_version
        task_root = version.config.code.get_unzipped_code_location()
        self._sandbox = Sandbox(
            SandboxConfig(
                name=version.id.function_name,
                version=version.id.qualifier,
                timeout=version.config.timeout,
                memory_size=version.config.memory_size,
                task_root=task_root,
                environment=function_environment(
                    env_vars,
                    version.config.environment or {},
                    task_root=task_root,
                    runtime_folder=runtime_folder(Path(os.environ[settings.RUN_DIRECTORY]) / "tmp"),
                    scratch=self._scratch,
                ),
            )
        )
        self._access_key = str(env_vars["AWS_ACCESS_KEY_ID"])
        callers.register(self._access_key, self._sandbox)
        self._sandbox.initialise()

    def stop(self) -> None:
        """Stop the execution environment."""
        callers.unregister(self._access_key)
        self._sandbox.stop()
        shutil.rmtree(self._scratch, ignore_errors=True)

    def invoke(self, payload: dict[str, str]) -> InvocationResult:
        """Run one invocation; a failure of the function is a result, not an exception."""
        result = self._sandbox.invoke(
            request_id=payload["invoke-id"],
            function_arn=payload["invoked-function-arn"],
            trace_header=payload["trace-id"],
            payload=payload["payload"].encode(),
        )
        identity = self.function_version.id
        publish_later(result.log, account=identity.account, region=identity.region)
        return InvocationResult(
            request_id=payload["invoke-id"], payload=result.payload, is_error=result.is_error, logs=result.log
        )

    def get_address(self) -> str:
        """Return the host that functions run on."""
        return "127.0.0.1"

    def get_endpoint_from_executor(self) -> str:
        """Return the host of LocalStack for functions."""
        return "127.0.0.1"

    def get_runtime_endpoint(self) -> str:
        """Return the address of LocalStack; functions call the Runtime API instead."""
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}"

    def get_logs(self) -> str:
        """Return an empty log: each result contains its own log."""
        return ""

    @classmethod
    def prepare_version(cls, function_version: FunctionVersion) -> None:
        """Unpack the zip of the function."""
        function_version.config.code.prepare_for_execution()

    @classmethod
    def cleanup_version(cls, function_version: FunctionVersion) -> None:
        """Do nothing: LocalStack deletes the unpacked zip with the function."""
