import json
from collections.abc import Callable

import pytest

from embedded_localstack.faults.call import Call, Response
from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.injection import inject
from embedded_localstack.faults.schedule import FaultSchedule


class Backend:
    """Responds to a batch of statements as DynamoDB does, and keeps the statements."""

    def __init__(self) -> None:
        self.statements: list[list[str]] = []

    def __call__(self, call: Call) -> Response:
        statements = json.loads(call.body)["Statements"]
        self.statements.append(statements)
        return Response(
            status=200,
            headers={"x-amz-crc32": "1", "Content-Type": "application/x-amz-json-1.0"},
            body=json.dumps({"Responses": [{"TableName": statement} for statement in statements]}).encode(),
        )


class Process:
    """A function process that keeps a history of its signals."""

    def __init__(self) -> None:
        self.history: list[str] = []

    def kill(self) -> None:
        self.history.append("killed")

    def freeze(self) -> None:
        self.history.append("frozen")


@pytest.fixture
def backend() -> Backend:
    return Backend()


@pytest.fixture
def batch() -> Callable[..., Call]:
    def call(*statements: str) -> Call:
        return Call(
            service="dynamodb",
            operation="BatchExecuteStatement",
            method="POST",
            target="/",
            headers={},
            body=json.dumps({"Statements": statements}).encode(),
        )

    return call


def test_throttled_statements_fail_in_place_and_the_others_run(backend: Backend, batch: Callable[..., Call]) -> None:
    schedule = FaultSchedule([Fault(kind=Kind.THROTTLE, service="dynamodb", times=2)])

    response = inject(schedule, batch("a", "b", "c"), backend)

    throttled = {"Error": {"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity (a fault)."}}
    assert response
    assert json.loads(response.body) == {"Responses": [throttled, throttled, {"TableName": "c"}]}
    assert response.headers == {"Content-Type": "application/x-amz-json-1.0"}
    assert backend.statements == [["c"]]


def test_batch_without_other_statements_is_not_forwarded(backend: Backend, batch: Callable[..., Call]) -> None:
    schedule = FaultSchedule([Fault(kind=Kind.THROTTLE, service="dynamodb")])

    response = inject(schedule, batch("a", "b"), backend)

    assert response
    assert [result["Error"]["Code"] for result in json.loads(response.body)["Responses"]] == ["ThrottlingError"] * 2
    assert backend.statements == []


@pytest.mark.parametrize(
    ("kind", "history", "runs"),
    [
        pytest.param(Kind.CRASH, ["killed"], 1, id="a crash follows the call"),
        pytest.param(Kind.HANG, ["frozen"], 1, id="a hang follows the call"),
        pytest.param(Kind.DUPLICATE, [], 2, id="a duplicate runs twice"),
        pytest.param(Kind.ERROR, [], 0, id="an error does not run"),
    ],
)
def test_fault_of_a_whole_call(
    backend: Backend, batch: Callable[..., Call], kind: Kind, history: list[str], runs: int
) -> None:
    process = Process()
    schedule = FaultSchedule([Fault(kind=kind, service="dynamodb")])

    inject(schedule, batch("a"), backend, process)

    assert process.history == history
    assert backend.statements == [["a"]] * runs


def test_call_that_times_out_has_no_response(backend: Backend, batch: Callable[..., Call]) -> None:
    schedule = FaultSchedule([Fault(kind=Kind.TIMEOUT, service="dynamodb", seconds=0)])

    response = inject(schedule, batch("a"), backend)

    assert response is None
    assert backend.statements == []
