"""The notes do not grow without end, and never pass for whole when they are not."""

import json

import pytest

from embedded_localstack import Calls, RecordedCall, TooManyCallsError
from embedded_localstack.call_log import client
from embedded_localstack.call_log.recorder import Recorder


def call(resource: str) -> RecordedCall:
    return RecordedCall(function="f", caller="f", service="s3", operation="PutObject", resource=resource)


def recorded(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(client, "ask", lambda _: json.loads(recorder.answer()))
    return Calls("http://127.0.0.1:1").recorded()


def test_a_call_that_is_made_again_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(most=2)

    for resource in ("one", "two", "one", "two"):
        recorder.note(call(resource))

    assert recorded(recorder, monkeypatch) == {call("one"), call("two")}


def test_where_nothing_answers_no_calls_are_recorded() -> None:
    assert Calls("http://127.0.0.1:1").are_recorded is False


def test_more_calls_than_are_kept_are_an_error_for_whoever_reads_them(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(most=2)
    for resource in ("one", "two", "three"):
        recorder.note(call(resource))

    with pytest.raises(TooManyCallsError) as caught:
        recorded(recorder, monkeypatch)

    assert str(caught.value) == (
        "Functions have made more than the 2 different calls that the embedded LocalStack keeps. "
        "Read the calls earlier, or start another LocalStack."
    )
