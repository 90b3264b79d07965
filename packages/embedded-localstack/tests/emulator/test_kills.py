"""LocalStack and its processes after SIGKILL of one of them while records flow."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from embedded_localstack import LocalStack, LocalStackDiedError
from localstack_support.functions import Functions
from localstack_support.pipeline import Pipeline
from localstack_support.polling import eventually
from localstack_support.processes import is_alive, processes_of, wait_until_gone

_DETACHES_A_CHILD = """
import subprocess

def handle(event, context):
    return subprocess.Popen(["sleep", "1000"], start_new_session=True).pid
"""
_STARTS_LOCALSTACK = """
import sys
from pathlib import Path

from embedded_localstack import LocalStack

localstack = LocalStack(Path(sys.argv[1]), services=["dynamodb", "kinesis"])
localstack.start()
sqs = localstack.client("sqs")
url = sqs.create_queue(QueueName="any")["QueueUrl"]
print("started", flush=True)
while True:
    sqs.send_message(QueueUrl=url, MessageBody="any")
"""
_SUPERVISOR = "embedded_localstack.supervision.supervisor"

pytestmark = pytest.mark.slow


@pytest.fixture
def own_localstack(folder: Path) -> Iterator[LocalStack]:
    with LocalStack(folder, services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture
def own_pipeline(own_localstack: LocalStack, name: str) -> Pipeline:
    return Pipeline(own_localstack, name)


@pytest.mark.parametrize(
    ("victim", "last_line"),
    [
        pytest.param("localstack.runtime.main", "supervisor: LocalStack ended with exit code -9", id="LocalStack"),
        pytest.param(
            "DynamoDBLocal.jar",
            "dynamodb-local died (exit code -9), and its data is lost. LocalStack stops.",
            id="DynamoDB Local",
        ),
        pytest.param(
            "kinesis-local",
            "kinesis-mock died (exit code -9), and its data is lost. LocalStack stops.",
            id="Kinesis",
        ),
    ],
)
def test_killed_server_stops_all_processes_and_is_reported(
    own_localstack: LocalStack, own_pipeline: Pipeline, victim: str, last_line: str
) -> None:
    processes = processes_of(own_localstack)

    with _load(own_pipeline):
        _find(victim, among=processes).kill()
        wait_until_gone(processes)

    with pytest.raises(LocalStackDiedError, match="LocalStack stopped unexpectedly") as caught:
        own_localstack.check()
    assert last_line in str(caught.value)


def test_killed_supervisor_stops_all_processes(own_localstack: LocalStack, own_pipeline: Pipeline) -> None:
    processes = processes_of(own_localstack)

    with _load(own_pipeline):
        _find(_SUPERVISOR, among=processes).kill()
        wait_until_gone(processes)

    with pytest.raises(LocalStackDiedError, match="exit code -9"):
        own_localstack.check()


def test_detached_child_of_a_function_is_killed_with_localstack(own_localstack: LocalStack) -> None:
    functions = Functions(own_localstack)
    child = psutil.Process(functions.invoke(functions.create(_DETACHES_A_CHILD)).payload)

    _find("localstack.runtime.main", among=processes_of(own_localstack)).kill()

    wait_until_gone([child])


def test_every_record_is_stored_after_kills_of_the_function(own_localstack: LocalStack, own_pipeline: Pipeline) -> None:
    sent: set[str] = set()

    for round_ in range(5):
        ids = {f"{round_}-{number}" for number in range(100)}
        own_pipeline.put(ids)
        sent |= ids
        eventually(
            lambda: _find("runtimes/bootstrap.py", among=processes_of(own_localstack)),
            until=is_alive,
            what="a function process runs",
            within=10,
            transient=(ProcessNotFoundError,),
        ).kill()

    eventually(
        lambda: sent - own_pipeline.stored(), until=lambda missing: not missing, what="all are stored", within=60
    )
    assert own_pipeline.stored() == sent


def test_killed_caller_leaves_no_process(folder: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", _STARTS_LOCALSTACK, str(folder)], stdout=subprocess.PIPE) as caller:
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"started\n"
        processes = psutil.Process(caller.pid).children(recursive=True)

        caller.kill()
        caller.wait()

        assert len(processes) >= 4
        wait_until_gone(processes)


class ProcessNotFoundError(Exception):
    """No process has the expected command line."""


def _find(part_of_command: str, *, among: list[psutil.Process]) -> psutil.Process:
    for process in among:
        with suppress(psutil.Error):
            command = " ".join(process.cmdline())
            # The command line of a supervisor contains that of LocalStack.
            if part_of_command in command and (part_of_command == _SUPERVISOR or _SUPERVISOR not in command):
                return process
    raise ProcessNotFoundError(part_of_command)


@contextmanager
def _load(pipeline: Pipeline) -> Iterator[None]:
    stop = threading.Event()

    def put_records() -> None:
        number = 0
        with suppress(BotoCoreError, ClientError):
            while not stop.is_set():
                pipeline.put([f"{number}-{part}" for part in range(50)])
                number += 1

    thread = threading.Thread(target=put_records)
    thread.start()
    eventually(pipeline.stored, until=bool, what="records are stored", within=15)
    yield
    stop.set()
    thread.join()
