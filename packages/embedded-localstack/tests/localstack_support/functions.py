"""Creates and invokes Lambda functions from source text."""

import base64
import contextlib
import io
import json
import textwrap
import uuid
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from embedded_localstack import LocalStack
from localstack_support.polling import eventually

ROLE = "arn:aws:iam::000000000000:role/any"
# The stubs allow whole seconds only.
OFTEN: Any = {"Delay": 0.1, "MaxAttempts": 100}

type Source = str | Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Invocation:
    """The response to a synchronous invocation."""

    payload: Any
    error: str | None
    log: str
    request_id: str


class Functions:
    """Functions in one LocalStack."""

    def __init__(self, localstack: LocalStack) -> None:
        self._lambda = localstack.client("lambda")
        self._logs = localstack.client("logs")
        self._created: list[str] = []

    def create(self, source: Source, **settings: Any) -> str:  # noqa: ANN401 - arguments of CreateFunction
        """Create a function, wait until it is active, and return its name."""
        name = f"function-{uuid.uuid4().hex[:8]}"
        defaults: dict[str, Any] = {
            "Runtime": "python3.13",
            "Handler": "main.handle",
            "Role": ROLE,
            "Code": {"ZipFile": bundle(source)},
        }
        self._lambda.create_function(FunctionName=name, **defaults | settings)
        self._created.append(name)
        self._lambda.get_waiter("function_active_v2").wait(FunctionName=name, WaiterConfig=OFTEN)
        return name

    def update(self, name: str, source: Source) -> None:
        """Replace the code of a function, and wait until the update has ended."""
        self._lambda.update_function_code(FunctionName=name, ZipFile=bundle(source))
        self._lambda.get_waiter("function_updated_v2").wait(FunctionName=name, WaiterConfig=OFTEN)

    def invoke(self, name: str, event: object = None) -> Invocation:
        """Invoke a function, and wait for its response."""
        response = self._lambda.invoke(FunctionName=name, Payload=json.dumps(event), LogType="Tail")
        return Invocation(
            payload=json.loads(response["Payload"].read()),
            error=response.get("FunctionError"),
            log=base64.b64decode(response.get("LogResult", "")).decode(),
            request_id=response["ResponseMetadata"]["RequestId"],
        )

    def log(self, name: str, *, invocations: int) -> list[str]:
        """Wait until a log group has a REPORT line for each invocation, and return its lines."""
        return eventually(
            lambda: self.log_lines(name),
            until=lambda lines: sum(line.startswith("REPORT") for line in lines) == invocations,
            what=f"the log group of {name} has {invocations} REPORT lines",
            within=10,
        )

    def log_lines(self, name: str) -> list[str]:
        """Return the lines in the log group of a function; none before its first invocation."""
        try:
            response = self._logs.filter_log_events(logGroupName=f"/aws/lambda/{name}")
        except self._logs.exceptions.ResourceNotFoundException:
            return []
        return [event["message"].rstrip("\n") for event in response["events"]]

    def delete_all(self) -> None:
        """Delete the functions that still exist."""
        for name in self._created:
            with contextlib.suppress(self._lambda.exceptions.ResourceNotFoundException):
                self._lambda.delete_function(FunctionName=name)


def bundle(source: Source) -> bytes:
    """Return a zip with one module `main`, or with several files."""
    files = {"main.py": source} if isinstance(source, str) else source
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as opened:
        for path, text in files.items():
            opened.writestr(path, textwrap.dedent(text))
    return archive.getvalue()
