"""What remains, and what is said, when a part is killed with SIGKILL while records flow."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest
from botocore.exceptions import BotoCoreError, ClientError

from embedded_localstack import LocalStack, LocalStackDiedError
from terraform_harness.polling import eventually

_DETACHES_A_CHILD = """
import subprocess

def handle(event, context):
    return subprocess.Popen(["sleep", "1000"], start_new_session=True).pid
"""

pytestmark = pytest.mark.slow


@pytest.fixture
def own_localstack(folder: Path) -> Iterator[LocalStack]:
    with LocalStack(folder, services=["dynamodb", "kinesis", "lambda"]) as running:
        yield running


@pytest.fixture
def own_pipeline(own_localstack: LocalStack, connect: Callable[..., Any], build_pipeline: Callable[..., Any]) -> Any:  # noqa: ANN401 - a class of conftest cannot be imported
    return build_pipeline(connect(own_localstack))


@pytest.mark.parametrize(
    ("victim", "last_words"),
    [
        pytest.param("localstack.runtime.main", "guardian: LocalStack ended with exit code -9", id="LocalStack"),
        pytest.param(
            "DynamoDBLocal.jar",
            "dynamodb-local died (exit code -9) and its data with it: LocalStack ends too.",
            id="DynamoDB Local",
        ),
        pytest.param(
            "kinesis-local",
            "kinesis-mock died (exit code -9) and its data with it: LocalStack ends too.",
            id="Kinesis",
        ),
    ],
)
def test_when_a_server_is_killed_everything_ends_and_check_says_why(
    own_localstack: LocalStack,
    own_pipeline: Any,  # noqa: ANN401 - a class of conftest cannot be imported
    family_of: Callable[[LocalStack], list[psutil.Process]],
    victim: str,
    last_words: str,
) -> None:
    family = family_of(own_localstack)

    with _load(own_pipeline):
        _kill(victim, among=family)
        _eventually_gone(family)

    with pytest.raises(LocalStackDiedError, match="LocalStack ended by itself") as caught:
        own_localstack.check()
    assert last_words in str(caught.value)


def test_when_the_guardian_is_killed_everything_ends(
    own_localstack: LocalStack,
    own_pipeline: Any,  # noqa: ANN401 - a class of conftest cannot be imported
    family_of: Callable[[LocalStack], list[psutil.Process]],
) -> None:
    family = family_of(own_localstack)

    with _load(own_pipeline):
        _kill("embedded_localstack.supervision.supervisor", among=family)
        _eventually_gone(family)

    with pytest.raises(LocalStackDiedError, match="exit code -9"):
        own_localstack.check()


def test_what_a_function_detached_from_itself_ends_with_a_killed_localstack(
    own_localstack: LocalStack,
    connect: Callable[..., Any],
    bundle: Callable[[str], bytes],
    family_of: Callable[[LocalStack], list[psutil.Process]],
) -> None:
    lambda_ = connect(own_localstack)("lambda")
    lambda_.create_function(
        FunctionName="any",
        Runtime="python3.13",
        Handler="main.handle",
        Role="arn:aws:iam::000000000000:role/any",
        Code={"ZipFile": bundle(_DETACHES_A_CHILD)},
    )
    lambda_.get_waiter("function_active_v2").wait(FunctionName="any", WaiterConfig={"Delay": 0.1})
    detached = psutil.Process(int(lambda_.invoke(FunctionName="any")["Payload"].read()))

    _kill("localstack.runtime.main", among=family_of(own_localstack))

    _eventually_gone([detached])


def test_when_function_processes_are_killed_every_record_arrives_all_the_same(
    own_localstack: LocalStack,
    own_pipeline: Any,  # noqa: ANN401 - a class of conftest cannot be imported
    family_of: Callable[[LocalStack], list[psutil.Process]],
) -> None:
    sent: set[str] = set()

    for round_ in range(5):
        ids = {f"{round_}-{number}" for number in range(100)}
        own_pipeline.put(ids)
        sent |= ids
        function = eventually(
            lambda: _find("functions/bootstrap.py", among=family_of(own_localstack)),
            until=lambda process: process is not None,
            what="there is a function process",
            within=10,
        )
        if function:
            function.kill()

    eventually(
        own_pipeline.stored, until=lambda ids: ids == sent, what="all 500 records are stored", within=60, describe=len
    )


def test_when_the_caller_is_killed_nothing_is_left(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; import boto3; from embedded_localstack import LocalStack\n"
        "localstack = LocalStack(Path(sys.argv[1]), services=['dynamodb', 'kinesis']); localstack.start()\n"
        "sqs = boto3.client('sqs', endpoint_url=localstack.endpoint_url, region_name='us-east-1',"
        " aws_access_key_id='test', aws_secret_access_key='test')\n"
        "url = sqs.create_queue(QueueName='any')['QueueUrl']\n"
        "print('started', flush=True)\n"
        "while True: sqs.send_message(QueueUrl=url, MessageBody='any')"
    )
    with subprocess.Popen([sys.executable, "-c", program, str(folder)], stdout=subprocess.PIPE) as caller:
        assert caller.stdout is not None
        assert caller.stdout.readline() == b"started\n"
        family = psutil.Process(caller.pid).children(recursive=True)

        caller.kill()
        caller.wait()

        assert {_role(process) for process in family if process.is_running()} >= {"guardian"}
        _eventually_gone(family)


def _role(process: psutil.Process) -> str:
    with suppress(psutil.Error):
        return "guardian" if "embedded_localstack.supervision.supervisor" in process.cmdline() else "other"
    return "gone"


def _find(part_of_command: str, *, among: list[psutil.Process]) -> psutil.Process | None:
    for process in among:
        with suppress(psutil.Error):
            command = " ".join(process.cmdline())
            # A guardian's command line names LocalStack's too.
            if part_of_command in command and ("guardian" in part_of_command or "guardian" not in command):
                return process
    return None


def _kill(part_of_command: str, *, among: list[psutil.Process]) -> None:
    process = _find(part_of_command, among=among)
    assert process, f"no process runs {part_of_command}"
    os.kill(process.pid, signal.SIGKILL)


@contextmanager
def _load(pipeline: Any) -> Iterator[None]:  # noqa: ANN401 - a class of conftest cannot be imported
    stop = threading.Event()

    def put_records() -> None:
        number = 0
        with suppress(BotoCoreError, ClientError):
            while not stop.is_set():
                pipeline.put([f"{number}-{part}" for part in range(50)])
                number += 1

    thread = threading.Thread(target=put_records)
    thread.start()
    eventually(pipeline.stored, until=bool, what="records flow", within=15)
    yield
    stop.set()
    thread.join()


def _eventually_gone(family: list[psutil.Process]) -> None:
    eventually(
        lambda: [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE],
        until=lambda alive: not alive,
        what="no process is left",
        within=10,
    )
