"""Looks back, after all other tests: an alarm is silent unless somebody makes it ring."""

from collections.abc import Sequence

import pytest

from terraform_harness.deployments.deployment import Deployment
from tests.integration.causes import BY_CAUSE_ON_AWS, BY_HAND, BY_STATE, alarm_on, subjects_by_cause

pytestmark = [pytest.mark.localstack, pytest.mark.aws]


def test_no_alarm_rang_before_the_first_test_made_one_ring(rang_untouched: Sequence[str]) -> None:
    assert rang_untouched == []


def test_no_alarm_has_rung_that_no_test_rang(deployment: Deployment) -> None:
    others = {*BY_STATE, *BY_CAUSE_ON_AWS} - {*subjects_by_cause(deployment.target)}

    rang = {
        (subject, change.reason)
        for subject in others
        for change in alarm_on(deployment, subject).changes()
        if change.state == "ALARM"
    }

    assert [(subject, reason) for subject, reason in sorted(rang) if reason != BY_HAND] == []
