"""Invocations with faults that a retry cannot fix. They fail, so that the Errors metric of Lambda counts them."""

import traceback

import pytest

from lambda_src.transaction_processor import batch_processor
from lambda_src.transaction_processor.errors import NotAKinesisBatchError, ServiceError
from tests.unit.lambda_src.fakes import PAYLOAD, FunctionUnderTest, always, kinesis_entry, transaction


def test_missing_permission_fails_the_invocation(function: FunctionUnderTest) -> None:
    function.dynamodb.faults = always("AccessDeniedException", stage="call")

    with pytest.raises(ServiceError) as raised:
        function.invoke([kinesis_entry(1, transaction(1))])

    assert str(raised.value) == (
        "DynamoDB refused a call of the function with AccessDeniedException. Check the function's role, its "
        "environment variables and the table or bucket. Lambda delivers the batch again."
    )


def test_refused_call_takes_the_time_of_an_outage(function: FunctionUnderTest) -> None:
    """Else a missing permission would use up the retries of every record in minutes."""
    function.dynamodb.faults = always("AccessDeniedException", stage="call")
    began = function.time

    with pytest.raises(ServiceError):
        function.invoke([kinesis_entry(1, transaction(1))])

    assert 50_000 < function.time - began < 52_000


def test_crash_takes_five_seconds(function: FunctionUnderTest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a version that crashes would empty the stream into quarantine."""
    monkeypatch.delattr(batch_processor, "parse")
    began = function.time

    with pytest.raises(NameError):
        function.invoke([kinesis_entry(1, transaction(1))])

    assert 6_000 <= function.time - began < 6_100


def test_event_of_another_kind_fails_at_once(function: FunctionUnderTest) -> None:
    began = function.time

    with pytest.raises(NotAKinesisBatchError):
        function.invoke([{"body": "any"}])

    assert function.time - began < 1_100


@pytest.mark.parametrize(("stage", "code"), [("call", "ValidationException"), ("statement", "ValidationError")])
def test_table_that_refuses_every_item_fails_the_invocation(stage: str, code: str, function: FunctionUnderTest) -> None:
    """The cause is the table, so the function does not quarantine the records."""
    function.dynamodb.faults = always(code, stage=stage)

    with pytest.raises(ServiceError):
        function.invoke([kinesis_entry(n, transaction(n), f"customer-{n}") for n in (1, 2, 3)])

    assert (function.s3.objects, function.counts) == ({}, {})
    assert function.last_line["checkpoint"] == "1"


def test_failed_invocation_counts_the_stored_records(function: FunctionUnderTest) -> None:
    function.s3.faults = always("AccessDenied", stage="call")

    with pytest.raises(ServiceError):
        function.invoke(
            [kinesis_entry(1, transaction(1)), kinesis_entry(2, transaction(1)), kinesis_entry(3, b"{", "bob")]
        )

    assert function.counts == {"stored": 1}
    assert function.last_line["checkpoint"] == "1"


@pytest.mark.parametrize(
    ("service", "stage", "code"),
    [
        pytest.param("dynamodb", "none", "", id="no faults"),
        pytest.param("dynamodb", "statement", "ThrottlingError", id="throttled statements"),
        pytest.param("dynamodb", "call", "ThrottlingException", id="throttled calls"),
        pytest.param("dynamodb", "statement", "ValidationError", id="refused statements"),
        pytest.param("dynamodb", "call", "ValidationException", id="refused calls"),
        pytest.param("dynamodb", "statement", "AccessDenied", id="forbidden statements"),
        pytest.param("dynamodb", "call", "AccessDeniedException", id="forbidden calls"),
        pytest.param("s3", "call", "AccessDenied", id="a forbidden bucket"),
    ],
)
def test_neither_log_nor_traceback_contains_a_payload(
    service: str, stage: str, code: str, function: FunctionUnderTest, capsys: pytest.CaptureFixture[str]
) -> None:
    getattr(function, service).faults = always(code, stage=stage)
    logged_traceback: list[str] = []

    try:
        function.invoke(
            [
                kinesis_entry(1, transaction(1, note=PAYLOAD), "ada"),
                kinesis_entry(2, transaction(1, note=PAYLOAD * 2), "ada"),
                kinesis_entry(3, f'{{"{PAYLOAD}": NaN'.encode(), "bob"),
                kinesis_entry(4, transaction(3, currency=PAYLOAD), "eve"),
            ]
        )
    except ServiceError as error:
        logged_traceback = traceback.format_exception(error)

    assert PAYLOAD not in "".join([*function.lines, *logged_traceback, *capsys.readouterr()])
    assert len(function.lines) == 1
