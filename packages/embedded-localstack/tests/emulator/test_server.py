"""Starting, stopping, beginning again, and several at once."""

import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from embedded_localstack import LocalStack, LocalStackDiedError, PortBusyError
from embedded_localstack.ports import assert_free


def test_a_reset_forgets_everything_and_keeps_the_address(folder: Path, connect: Callable[..., Any]) -> None:
    with LocalStack(folder) as localstack:
        before = localstack.endpoint_url
        connect(localstack)("sqs").create_queue(QueueName="any")

        localstack.reset()

        assert localstack.endpoint_url == before
        assert "QueueUrls" not in connect(localstack)("sqs").list_queues()


def test_after_a_stop_only_the_logs_are_left(
    folder: Path, family_of: Callable[[LocalStack], list[psutil.Process]]
) -> None:
    with LocalStack(folder, services=["dynamodb", "kinesis"]) as localstack:
        port = int(localstack.endpoint_url.rpartition(":")[2])
        family = family_of(localstack)

    assert len(family) >= 4
    assert [process for process in family if process.is_running()] == []
    assert sorted(path.name for path in folder.iterdir()) == [
        "dynamodb-local.log",
        "kinesis-local.log",
        "localstack.log",
    ]
    assert_free(port)


def test_a_busy_port_is_said_at_once(folder: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        with pytest.raises(PortBusyError):
            LocalStack(folder, port=server.getsockname()[1]).start()


def test_a_localstack_that_cannot_start_is_reported_with_its_log(folder: Path) -> None:
    localstack = LocalStack(folder, overrides={"GATEWAY_SERVER": "no-such-server"})

    with pytest.raises(LocalStackDiedError, match=r"ended by itself \(exit code 1\)(.|\n)*no-such-server"):
        localstack.start()


def test_functions_for_other_pythons_run_where_that_is_wanted(
    folder: Path, connect: Callable[..., Any], bundle: Callable[[str], bytes]
) -> None:
    with LocalStack(folder, overrides={"EMBEDDED_ANY_PYTHON": "1"}) as localstack:
        lambda_ = connect(localstack)("lambda")
        lambda_.create_function(
            FunctionName="any",
            Runtime="python3.12",
            Handler="main.handle",
            Role="arn:aws:iam::000000000000:role/any",
            Code={"ZipFile": bundle("def handle(event, context):\n    return 'ran'\n")},
        )
        lambda_.get_waiter("function_active_v2").wait(FunctionName="any", WaiterConfig={"Delay": 0.1})

        answer = lambda_.invoke(FunctionName="any")["Payload"].read()

    assert answer == b'"ran"'


@pytest.mark.slow
def test_twenty_starts_and_stops_four_at_a_time_leave_nothing(tmp_path: Path) -> None:
    before = psutil.Process().children(recursive=True)

    def start_and_stop(number: int) -> list[str]:
        folder = tmp_path / str(number)
        with LocalStack(folder, services=["dynamodb", "kinesis", "lambda"]) as localstack:
            localstack.check()
        return sorted(path.name for path in folder.iterdir())

    with ThreadPoolExecutor(max_workers=4) as pool:
        left = list(pool.map(start_and_stop, range(20)))

    assert left == [["dynamodb-local.log", "kinesis-local.log", "localstack.log"]] * 20
    assert psutil.Process().children(recursive=True) == before
