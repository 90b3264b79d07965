"""The start, stop and reset of LocalStack, also of several at once."""

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from embedded_localstack import LocalStack, LocalStackDiedError, PortBusyError
from embedded_localstack.ports import assert_free
from localstack_support.functions import Functions
from localstack_support.processes import processes_of


def test_reset_clears_the_state_and_keeps_the_address(folder: Path) -> None:
    with LocalStack(folder) as localstack:
        before = localstack.endpoint_url
        localstack.client("sqs").create_queue(QueueName="any")

        localstack.reset()

        assert localstack.endpoint_url == before
        assert "QueueUrls" not in localstack.client("sqs").list_queues()


def test_stop_leaves_only_the_logs(folder: Path) -> None:
    with LocalStack(folder, services=["dynamodb", "kinesis"]) as localstack:
        port = int(localstack.endpoint_url.rpartition(":")[2])
        processes = processes_of(localstack)

    assert len(processes) >= 4
    assert [process for process in processes if process.is_running()] == []
    assert sorted(path.name for path in folder.iterdir()) == [
        "dynamodb-local.log",
        "kinesis-local.log",
        "localstack.log",
    ]
    assert_free(port)


def test_start_on_a_busy_port_fails(folder: Path) -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()

        with pytest.raises(PortBusyError):
            LocalStack(folder, port=server.getsockname()[1]).start()


def test_failed_start_shows_the_log(folder: Path) -> None:
    localstack = LocalStack(folder, overrides={"GATEWAY_SERVER": "no-such-server"})

    with pytest.raises(LocalStackDiedError, match=r"stopped unexpectedly \(exit code 1\)(.|\n)*no-such-server"):
        localstack.start()


def test_override_runs_functions_of_other_python_versions(folder: Path) -> None:
    with LocalStack(folder, overrides={"EMBEDDED_ANY_PYTHON": "1"}) as localstack:
        functions = Functions(localstack)
        function = functions.create("def handle(event, context):\n    return 'ran'\n", Runtime="python3.12")

        response = functions.invoke(function)

    assert response.payload == "ran"


@pytest.mark.slow
def test_twenty_concurrent_starts_and_stops_leave_no_process(tmp_path: Path) -> None:
    before = psutil.Process().children(recursive=True)

    def start_and_stop(number: int) -> list[str]:
        folder = tmp_path / str(number)
        with LocalStack(folder, services=["dynamodb", "kinesis", "lambda"]) as localstack:
            localstack.check()
        return sorted(path.name for path in folder.iterdir())

    with ThreadPoolExecutor(max_workers=4) as pool:
        files = list(pool.map(start_and_stop, range(20)))

    assert files == [["dynamodb-local.log", "kinesis-local.log", "localstack.log"]] * 20
    assert psutil.Process().children(recursive=True) == before
