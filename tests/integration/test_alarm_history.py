"""The history of the alarms after all other tests: an alarm goes to ALARM only if a test triggers it."""

from collections.abc import Sequence

import pytest

from terraform_harness import Deployment
from tests.integration.causes import BY_CAUSE_ON_AWS, BY_STATE, SET_BY_TEST, alarm_on, subjects_by_cause

pytestmark = [pytest.mark.localstack, pytest.mark.aws]


def test_no_alarm_went_to_alarm_before_the_first_test(alarms_before_tests: Sequence[str]) -> None:
    assert alarms_before_tests == []


def test_only_tests_triggered_alarms(deployment: Deployment) -> None:
    others = {*BY_STATE, *BY_CAUSE_ON_AWS} - {*subjects_by_cause(deployment.target)}

    changes = {
        (subject, change.reason)
        for subject in others
        for change in alarm_on(deployment, subject).changes()
        if change.state == "ALARM"
    }

    assert [(subject, reason) for subject, reason in sorted(changes) if reason != SET_BY_TEST] == []
