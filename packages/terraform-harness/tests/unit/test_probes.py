"""Each probe reads the answers of its service."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from terraform_harness.probes import Alarm, AlarmChange, Inbox, Stream, alarm_changes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 0, 40, tzinfo=UTC)


class CloudWatch:
    """Returns a history with a page for each entry."""

    def __init__(self, *entries: Mapping[str, Any]) -> None:
        self.entries = entries

    def get_paginator(self, operation: str) -> "CloudWatch":
        assert operation == "describe_alarm_history"
        return self

    def paginate(self, *, HistoryItemType: str, AlarmName: str | None = None) -> Iterator[Mapping[str, Any]]:  # noqa: N803 - boto3's names
        assert HistoryItemType == "StateUpdate"
        for entry in self.entries:
            yield {"AlarmHistoryItems": [entry] if AlarmName in {None, entry["AlarmName"]} else []}


class Kinesis:
    """Has one stream, whose status is CREATING."""

    def describe_stream_summary(self, *, StreamName: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        assert StreamName == "transactions"
        return {"StreamDescriptionSummary": {"StreamStatus": "CREATING"}}


class Queue:
    """Returns each message once."""

    def __init__(self, *messages: object) -> None:
        self.messages = list(messages)
        self.deleted: list[str] = []

    def receive_message(self, **_: object) -> Mapping[str, Sequence[Any]]:
        if not self.messages:
            return {}
        return {"Messages": [{"Body": json.dumps(self.messages.pop(0)), "ReceiptHandle": "it"}]}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803 - boto3's names
        self.deleted.append(f"{QueueUrl} {ReceiptHandle}")


def entry(state: str, *, at: datetime, queried: datetime | None, alarm: str = "errors") -> Mapping[str, Any]:
    data = None if queried is None else {"queryDate": f"{queried:%Y-%m-%dT%H:%M:%S}+0000"}
    return {
        "AlarmName": alarm,
        "Timestamp": at,
        "HistorySummary": f"to {state}",
        "HistoryData": json.dumps({"newState": {"stateValue": state, "stateReason": "why", "stateReasonData": data}}),
    }


@pytest.mark.parametrize(
    ("queried", "expected"),
    [
        pytest.param(LATER, LATER, id="LocalStack: time of the change before it"),
        pytest.param(None, NOON, id="set by SetAlarmState"),
    ],
)
def test_alarm_change_has_the_time_of_its_metric_query(queried: datetime | None, expected: datetime) -> None:
    client: Any = CloudWatch(entry("ALARM", at=NOON, queried=queried))

    assert list(alarm_changes(client)) == [
        AlarmChange(at=expected, alarm="errors", state="ALARM", reason="why", summary="to ALARM")
    ]


@pytest.mark.parametrize(
    ("alarm", "found"),
    [
        pytest.param("others", ["others"], id="one"),
        pytest.param(None, ["errors", "others"], id="all"),
    ],
)
def test_history_is_of_one_alarm_or_of_all(alarm: str | None, found: Sequence[str]) -> None:
    client: Any = CloudWatch(*(entry("OK", at=NOON, queried=None, alarm=name) for name in ("errors", "others")))

    assert [change.alarm for change in alarm_changes(client, alarm=alarm)] == found


@pytest.mark.parametrize(
    ("name", "state", "since", "went"),
    [
        ("errors", "ALARM", LATER, True),
        ("errors", "ALARM", LATER.replace(microsecond=1), True),
        ("errors", "ALARM", LATER.replace(second=41), False),
        ("errors", "OK", NOON, False),
        ("others", "ALARM", NOON, False),
    ],
)
def test_alarm_went_to_alarm_since_a_moment(name: str, state: str, since: datetime, *, went: bool) -> None:
    client: Any = CloudWatch(entry(state, at=NOON, queried=LATER))
    alarm = Alarm(client=client, name=name)

    assert alarm.went_to_alarm_since(since) is went


def test_stream_has_its_status() -> None:
    client: Any = Kinesis()
    stream = Stream(client=client, name="transactions")

    assert stream.status() == "CREATING"


def test_inbox_keeps_received_messages() -> None:
    queue: Any = Queue({"AlarmName": "a", "NewStateValue": "ALARM"}, {"AlarmName": "b", "NewStateValue": "OK"})
    inbox = Inbox(client=queue, url="the queue")

    received = [inbox.has_alarm("b", "OK"), inbox.has_alarm("b", "OK"), inbox.has_alarm("b"), inbox.has_alarm("a")]

    assert received == [False, True, False, True]
    assert queue.deleted == ["the queue it", "the queue it"]
