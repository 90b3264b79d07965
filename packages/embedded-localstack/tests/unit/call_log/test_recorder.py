"""The call log has a limit, and an incomplete log is an error."""

import json

import pytest

from embedded_localstack import CallLog, RecordedCall, TooManyCallsError
from embedded_localstack.call_log import client
from embedded_localstack.call_log.recorder import Recorder


def call(resource: str) -> RecordedCall:
    return RecordedCall(function="f", caller="f", service="s3", operation="PutObject", resource=resource)


def recorded(recorder: Recorder, monkeypatch: pytest.MonkeyPatch) -> object:
    monkeypatch.setattr(client, "request_json", lambda _: json.loads(recorder.to_json()))
    return CallLog("http://127.0.0.1:1").recorded()


def test_repeated_call_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(limit=2)

    for resource in ("one", "two", "one", "two"):
        recorder.record(call(resource))

    assert recorded(recorder, monkeypatch) == {call("one"), call("two")}


def test_endpoint_without_a_server_has_no_call_log() -> None:
    assert CallLog("http://127.0.0.1:1").is_available is False


def test_reading_an_incomplete_log_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    recorder = Recorder(limit=2)
    for resource in ("one", "two", "three"):
        recorder.record(call(resource))

    with pytest.raises(TooManyCallsError) as caught:
        recorded(recorder, monkeypatch)

    assert str(caught.value) == (
        "Functions have made more than 2 distinct API calls, which is the limit of the call log. "
        "Read the log earlier, or start another LocalStack."
    )
