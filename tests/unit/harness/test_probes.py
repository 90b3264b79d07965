"""What the probes make of the services' answers."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from harness.probes import Alarm, AlarmChange, Inbox, alarm_changes

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 12, 0, 40, tzinfo=UTC)


class CloudWatch:
    """Answers with a history of two pages."""

    def __init__(self, *entries: Mapping[str, Any]) -> None:
        self.entries = entries

    def get_paginator(self, operation: str) -> "CloudWatch":
        assert operation == "describe_alarm_history"
        return self

    def paginate(self, **_: object) -> Iterator[Mapping[str, Any]]:
        yield from ({"AlarmHistoryItems": [entry]} for entry in self.entries)


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


def entry(state: str, *, at: datetime, looked: datetime | None) -> Mapping[str, Any]:
    data = None if looked is None else {"queryDate": f"{looked:%Y-%m-%dT%H:%M:%S}+0000"}
    return {
        "AlarmName": "errors",
        "Timestamp": at,
        "HistorySummary": f"to {state}",
        "HistoryData": json.dumps({"newState": {"stateValue": state, "stateReasonData": data}}),
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

    assert list(alarm_changes(client)) == [AlarmChange(at=expected, alarm="errors", state="ALARM", summary="to ALARM")]


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


def test_an_inbox_keeps_what_it_has_taken_from_the_queue() -> None:
    queue = Queue({"AlarmName": "a", "NewStateValue": "ALARM"}, {"AlarmName": "b", "NewStateValue": "OK"})
    inbox = Inbox(client=queue, url="the queue")

    heard = [inbox.has_alarm("b", "OK"), inbox.has_alarm("b", "OK"), inbox.has_alarm("b"), inbox.has_alarm("a")]

    assert heard == [False, True, False, True]
    assert queue.deleted == ["the queue it", "the queue it"]
