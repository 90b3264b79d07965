"""Execution environments are reused, multiplied, limited, frozen and stopped; unsupported functions are refused."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from embedded_localstack import LocalStack
from localstack_support.functions import Functions
from localstack_support.polling import eventually
from localstack_support.processes import wait_until_gone

_EXECUTION = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html"
_CONCURRENCY = "https://docs.aws.amazon.com/lambda/latest/dg/lambda-concurrency.html"
_CREATE = "https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html"

_COUNTS_AND_WAITS = """
import os
import time

count = 0

def handle(event, context):
    global count
    count += 1
    time.sleep(event)
    return [os.getpid(), count]
"""

_RUNS_UNTIL_RELEASED = """
import pathlib
import time

def handle(event, context):
    started, released = map(pathlib.Path, event)
    started.touch()
    while not released.exists():
        time.sleep(0.05)
"""


@pytest.mark.documented(_EXECUTION)
def test_environment_is_reused_with_its_memory(functions: Functions) -> None:
    function = functions.create(_COUNTS_AND_WAITS)

    payloads = [functions.invoke(function, 0).payload for _ in range(3)]

    assert [count for _, count in payloads] == [1, 2, 3]
    assert len({pid for pid, _ in payloads}) == 1


@pytest.mark.documented(_EXECUTION)
def test_environment_that_died_while_idle_is_replaced(functions: Functions) -> None:
    function = functions.create(_COUNTS_AND_WAITS)
    pid, _ = functions.invoke(function, 0).payload

    process = psutil.Process(pid)
    process.kill()
    wait_until_gone([process])

    new_pid, count = functions.invoke(function, 0).payload
    assert (new_pid != pid, count) == (True, 1)


@pytest.mark.documented(_CONCURRENCY)
def test_concurrent_invocations_have_separate_environments(functions: Functions) -> None:
    function = functions.create(_COUNTS_AND_WAITS)

    with ThreadPoolExecutor() as pool:
        payloads = [response.payload for response in pool.map(functions.invoke, [function] * 3, [1.0] * 3)]

    assert len({pid for pid, _ in payloads}) == 3
    assert [count for _, count in payloads] == [1, 1, 1]


@pytest.mark.documented(_CONCURRENCY)
def test_invocations_above_the_reserved_concurrency_are_throttled(
    localstack: LocalStack, functions: Functions, tmp_path: Path
) -> None:
    function = functions.create(_RUNS_UNTIL_RELEASED, Timeout=60)
    localstack.client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    without_retries = localstack.client("lambda", config=Config(retries={"max_attempts": 0}))
    started, released = tmp_path / "started", tmp_path / "released"

    with ThreadPoolExecutor() as pool:
        first = pool.submit(functions.invoke, function, [str(started), str(released)])
        try:
            eventually(started.exists, until=bool, what="the first invocation has started", within=20)
            with pytest.raises(ClientError) as caught:
                without_retries.invoke(FunctionName=function, Payload=b"[]")
        finally:
            released.touch()

    assert caught.value.response["Error"]["Code"] == "TooManyRequestsException"
    assert first.result().error is None


@pytest.mark.documented(_EXECUTION)
def test_function_is_frozen_between_invocations(functions: Functions) -> None:
    function = functions.create(
        """
        import threading
        import time

        ticks = 0

        def tick():
            global ticks
            while True:
                time.sleep(0.01)
                ticks += 1

        threading.Thread(target=tick, daemon=True).start()

        def handle(event, context):
            return ticks
        """
    )

    before = functions.invoke(function).payload
    time.sleep(0.5)
    after = functions.invoke(function).payload

    assert after - before < 10


@pytest.mark.documented(_EXECUTION)
def test_child_of_a_function_is_killed_with_it(functions: Functions) -> None:
    function = functions.create(
        """
        import subprocess
        import time

        def handle(event, context):
            print(subprocess.Popen(["sleep", "1000"]).pid)
            time.sleep(30)
        """,
        Timeout=1,
    )

    response = functions.invoke(function)

    child = int(response.log.splitlines()[1])
    eventually(
        lambda: psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE,
        until=lambda alive: not alive,
        what=f"process {child} has ended",
        within=5,
        transient=(psutil.NoSuchProcess,),
    )


@pytest.mark.documented(_EXECUTION)
def test_process_of_a_deleted_function_is_killed(localstack: LocalStack, functions: Functions) -> None:
    function = functions.create(_COUNTS_AND_WAITS)
    pid, _ = functions.invoke(function, 0).payload
    process = psutil.Process(pid)

    localstack.client("lambda").delete_function(FunctionName=function)

    wait_until_gone([process])


@pytest.mark.documented(_EXECUTION)
def test_invocation_after_an_update_runs_the_new_code(functions: Functions) -> None:
    function = functions.create("def handle(event, context):\n    return 'old'\n")
    old = functions.invoke(function).payload

    functions.update(function, "def handle(event, context):\n    return 'new'\n")

    assert (old, functions.invoke(function).payload) == ("old", "new")


@pytest.mark.documented(_CREATE)
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            {"Runtime": "nodejs22.x"},
            "The embedded LocalStack does not support the runtime nodejs22.x: its own Python is python3.13.",
            id="another language",
        ),
        pytest.param(
            {"Runtime": "python3.12"},
            "The embedded LocalStack does not support the runtime python3.12: its own Python is python3.13.",
            id="another Python",
        ),
        pytest.param(
            {"Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:any:1"]},
            "The embedded LocalStack does not support layers.",
            id="a layer",
        ),
        pytest.param(
            {"PackageType": "Image", "Code": {"ImageUri": "any"}},
            "The embedded LocalStack runs without Docker, so it does not support container images.",
            id="an image",
        ),
    ],
)
def test_unsupported_function_is_refused_at_creation(
    functions: Functions, settings: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        functions.create("def handle(event, context):\n    return 1\n", **settings)

    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": f"{message} Run this function on LocalStack in a container.",
    }
