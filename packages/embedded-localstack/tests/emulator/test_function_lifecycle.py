"""Execution environments: kept warm, multiplied, limited, frozen, ended; and what cannot become one."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from terraform_harness.polling import eventually

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


@pytest.mark.documented(_EXECUTION)
def test_an_environment_is_used_again_with_its_memory(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(_COUNTS_AND_WAITS)

    answers = [invoke(function, 0).payload for _ in range(3)]

    assert [count for _, count in answers] == [1, 2, 3]
    assert len({pid for pid, _ in answers}) == 1


@pytest.mark.documented(_EXECUTION)
def test_an_environment_that_died_while_it_was_idle_begins_again(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(_COUNTS_AND_WAITS)
    pid, _ = invoke(function, 0).payload

    os.kill(pid, signal.SIGKILL)
    eventually(lambda: _is_alive(pid), until=lambda alive: not alive, what=f"process {pid} has ended", within=5)

    new_pid, count = invoke(function, 0).payload
    assert (new_pid != pid, count) == (True, 1)


@pytest.mark.documented(_CONCURRENCY)
def test_invocations_at_the_same_time_get_environments_of_their_own(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(_COUNTS_AND_WAITS)

    with ThreadPoolExecutor() as pool:
        answers = [answer.payload for answer in pool.map(invoke, [function] * 3, [1.0] * 3)]

    assert len({pid for pid, _ in answers}) == 3
    assert [count for _, count in answers] == [1, 1, 1]


@pytest.mark.documented(_CONCURRENCY)
def test_more_invocations_than_the_reserved_concurrency_are_throttled(
    client: Callable[..., Any], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(_COUNTS_AND_WAITS)
    client("lambda").put_function_concurrency(FunctionName=function, ReservedConcurrentExecutions=1)
    impatient = client("lambda", config=Config(retries={"max_attempts": 0}))

    with ThreadPoolExecutor() as pool:
        first = pool.submit(invoke, function, 2.0)
        throttled = eventually(
            lambda: _error_code(impatient, function),
            until=lambda code: code is not None,
            what="an invocation beside a running one is throttled",
            within=2,
        )

    assert throttled == "TooManyRequestsException"
    assert first.result().error is None


@pytest.mark.documented(_EXECUTION)
def test_a_function_is_frozen_between_invocations(
    make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
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

    before = invoke(function).payload
    time.sleep(0.5)
    after = invoke(function).payload

    assert after - before < 10


@pytest.mark.documented(_EXECUTION)
def test_what_a_function_started_ends_with_it(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    function = make_function(
        """
        import subprocess
        import time

        def handle(event, context):
            print(subprocess.Popen(["sleep", "1000"]).pid)
            time.sleep(30)
        """,
        Timeout=1,
    )

    answer = invoke(function)

    child = int(answer.log.splitlines()[1])
    eventually(lambda: _is_alive(child), until=lambda alive: not alive, what=f"process {child} has ended", within=5)


@pytest.mark.documented(_EXECUTION)
def test_a_deleted_function_leaves_no_process(
    client: Callable[[str], Any], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(_COUNTS_AND_WAITS)
    pid, _ = invoke(function, 0).payload

    client("lambda").delete_function(FunctionName=function)

    eventually(lambda: _is_alive(pid), until=lambda alive: not alive, what=f"process {pid} has ended", within=5)


@pytest.mark.documented(_EXECUTION)
def test_new_code_is_run_by_the_next_invocation(
    client: Callable[[str], Any],
    make_function: Callable[..., str],
    bundle: Callable[[str], bytes],
    invoke: Callable[..., Any],
) -> None:
    function = make_function("def handle(event, context):\n    return 'old'\n")
    old = invoke(function).payload

    client("lambda").update_function_code(
        FunctionName=function, ZipFile=bundle("def handle(event, context):\n    return 'new'\n")
    )
    client("lambda").get_waiter("function_updated_v2").wait(FunctionName=function, WaiterConfig={"Delay": 0.1})

    assert (old, invoke(function).payload) == ("old", "new")


@pytest.mark.documented(_CREATE)
@pytest.mark.parametrize(
    ("settings", "message"),
    [
        pytest.param(
            {"Runtime": "nodejs22.x"},
            "Runtime nodejs22.x is not there: functions run in LocalStack's own Python, python3.13.",
            id="another language",
        ),
        pytest.param(
            {"Runtime": "python3.12"},
            "Runtime python3.12 is not there: functions run in LocalStack's own Python, python3.13.",
            id="another Python",
        ),
        pytest.param(
            {"Layers": ["arn:aws:lambda:us-east-1:000000000000:layer:any:1"]},
            "Layers are not supported by the embedded LocalStack.",
            id="a layer",
        ),
        pytest.param(
            {"PackageType": "Image", "Code": {"ImageUri": "any"}},
            "Container images need Docker, and the embedded LocalStack has none.",
            id="an image",
        ),
    ],
)
def test_what_a_subprocess_cannot_run_is_refused_at_creation(
    make_function: Callable[..., str], settings: dict[str, object], message: str
) -> None:
    with pytest.raises(ClientError) as caught:
        make_function("def handle(event, context):\n    return 1\n", **settings)

    assert caught.value.response["Error"] == {
        "Code": "InvalidParameterValueException",
        "Message": f"{message} Run this function on LocalStack in a container.",
    }


def _error_code(lambda_: Any, function: str) -> str | None:  # noqa: ANN401 - boto3 clients have no type of their own
    try:
        lambda_.invoke(FunctionName=function, Payload=b"0")
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return None


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
