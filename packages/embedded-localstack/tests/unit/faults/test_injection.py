import json
from collections.abc import Callable

import pytest

from embedded_localstack.faults.call import Answer, Call
from embedded_localstack.faults.fault import Fault, Kind
from embedded_localstack.faults.injection import inject
from embedded_localstack.faults.plan import Plan


class Backend:
    """Answers a batch of statements as DynamoDB does, and remembers what it was asked."""

    def __init__(self) -> None:
        self.statements: list[list[str]] = []

    def __call__(self, call: Call) -> Answer:
        statements = json.loads(call.body)["Statements"]
        self.statements.append(statements)
        return Answer(
            status=200,
            headers={"x-amz-crc32": "1", "Content-Type": "application/x-amz-json-1.0"},
            body=json.dumps({"Responses": [{"TableName": statement} for statement in statements]}).encode(),
        )


class Process:
    """A function process that remembers what was done to it."""

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


def test_throttled_statements_are_answered_in_their_places_and_the_others_run(
    backend: Backend, batch: Callable[..., Call]
) -> None:
    plan = Plan([Fault(kind=Kind.THROTTLE, service="dynamodb", times=2)])

    answer = inject(plan, batch("a", "b", "c"), backend)

    throttled = {"Error": {"Code": "ThrottlingError", "Message": "Throughput exceeds the current capacity (a fault)."}}
    assert answer
    assert json.loads(answer.body) == {"Responses": [throttled, throttled, {"TableName": "c"}]}
    assert answer.headers == {"Content-Type": "application/x-amz-json-1.0"}
    assert backend.statements == [["c"]]


def test_a_batch_that_is_throttled_whole_is_not_passed_on(backend: Backend, batch: Callable[..., Call]) -> None:
    plan = Plan([Fault(kind=Kind.THROTTLE, service="dynamodb")])

    answer = inject(plan, batch("a", "b"), backend)

    assert answer
    assert [response["Error"]["Code"] for response in json.loads(answer.body)["Responses"]] == ["ThrottlingError"] * 2
    assert backend.statements == []


@pytest.mark.parametrize(
    ("kind", "history", "runs"),
    [
        pytest.param(Kind.CRASH, ["killed"], 1, id="a crash comes after the call was carried out"),
        pytest.param(Kind.HANG, ["frozen"], 1, id="so does a hang"),
        pytest.param(Kind.DUPLICATE, [], 2, id="a duplicate is carried out twice"),
        pytest.param(Kind.ERROR, [], 0, id="an error is not carried out"),
    ],
)
def test_a_fault_of_a_whole_call(
    backend: Backend, batch: Callable[..., Call], kind: Kind, history: list[str], runs: int
) -> None:
    process = Process()
    plan = Plan([Fault(kind=kind, service="dynamodb")])

    inject(plan, batch("a"), backend, process)

    assert process.history == history
    assert backend.statements == [["a"]] * runs


def test_a_call_that_times_out_gets_no_answer(backend: Backend, batch: Callable[..., Call]) -> None:
    plan = Plan([Fault(kind=Kind.TIMEOUT, service="dynamodb", seconds=0)])

    answer = inject(plan, batch("a"), backend)

    assert answer is None
    assert backend.statements == []
