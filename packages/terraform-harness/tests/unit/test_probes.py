"""What the probes make of the services' answers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from terraform_harness.probes import Alarm, AlarmChange, Inbox, Stream, alarm_changes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 0, 40, tzinfo=UTC)


class CloudWatch:
    """Answers with a history of a page for each entry."""

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
    """Knows one stream, which is being created."""

    def describe_stream_summary(self, *, StreamName: str) -> Mapping[str, Any]:  # noqa: N803 - boto3's names
        assert StreamName == "transactions"
        return {"StreamDescriptionSummary": {"StreamStatus": "CREATING"}}


class Queue:
    """Hands out each message once."""

    def __init__(self, *messages: object) -> None:
        self.messages = list(messages)
        self.deleted: list[str] = []

    def receive_message(self, **_: object) -> Mapping[str, Sequence[Any]]:
        if not self.messages:
            return {}
        return {"Messages": [{"Body": json.dumps(self.messages.pop(0)), "ReceiptHandle": "it"}]}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803 - boto3's names
        self.deleted.append(f"{QueueUrl} {ReceiptHandle}")


def entry(state: str, *, at: datetime, looked: datetime | None, alarm: str = "errors") -> Mapping[str, Any]:
    data = None if looked is None else {"queryDate": f"{looked:%Y-%m-%dT%H:%M:%S}+0000"}
    return {
        "AlarmName": alarm,
        "Timestamp": at,
        "HistorySummary": f"to {state}",
        "HistoryData": json.dumps({"newState": {"stateValue": state, "stateReason": "why", "stateReasonData": data}}),
    }


@pytest.mark.parametrize(
    ("looked", "expected"),
    [
        pytest.param(LATER, LATER, id="dated by the change before it, as LocalStack does"),
        pytest.param(None, NOON, id="set by hand"),
    ],
)
def test_a_change_has_the_moment_at_which_its_metric_was_looked_at(looked: datetime | None, expected: datetime) -> None:
    client = CloudWatch(entry("ALARM", at=NOON, looked=looked))

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
def test_the_service_is_asked_for_the_history_of_one_alarm_or_of_all(alarm: str | None, found: Sequence[str]) -> None:
    client = CloudWatch(*(entry("OK", at=NOON, looked=None, alarm=name) for name in ("errors", "others")))

    assert [change.alarm for change in alarm_changes(client, alarm=alarm)] == found


@pytest.mark.parametrize(
    ("name", "state", "since", "rang"),
    [
        ("errors", "ALARM", LATER, True),
        ("errors", "ALARM", LATER.replace(microsecond=1), True),
        ("errors", "ALARM", LATER.replace(second=41), False),
        ("errors", "OK", NOON, False),
        ("others", "ALARM", NOON, False),
    ],
)
def test_an_alarm_rang_since_a_moment_if_its_own_history_says_so(
    name: str, state: str, since: datetime, *, rang: bool
) -> None:
    alarm = Alarm(client=CloudWatch(entry(state, at=NOON, looked=LATER)), name=name)

    assert alarm.rang_since(since) is rang


def test_a_stream_says_how_far_it_is() -> None:
    stream = Stream(client=Kinesis(), name="transactions")

    assert stream.status() == "CREATING"


def test_an_inbox_keeps_what_it_has_taken_from_the_queue() -> None:
    queue = Queue({"AlarmName": "a", "NewStateValue": "ALARM"}, {"AlarmName": "b", "NewStateValue": "OK"})
    inbox = Inbox(client=queue, url="the queue")

    heard = [inbox.has_alarm("b", "OK"), inbox.has_alarm("b", "OK"), inbox.has_alarm("b"), inbox.has_alarm("a")]

    assert heard == [False, True, False, True]
    assert queue.deleted == ["the queue it", "the queue it"]
