"""The evaluation of the alarms: statistics, thresholds, periods and missing datapoints."""

from collections.abc import Mapping

import pytest

from terraform_harness.synthesis import Synthesis
from terraform_harness.template import Template
from tests.unit.modules.monitoring.alarm_reading import alarm, period_of, subject_of

# Alarms on losses, and on events that need a decision of a person. One event is enough.
AT_THE_FIRST_EVENT = (
    "lambda-errors",
    "records-dropped",
    "records-undelivered",
    "transactions-rejected",
    "transactions-conflicting",
    "dead-letter-depth",
    "quarantine-unannounced",
)
# Alarms on conditions that retries resolve, unless they last.
AFTER_FIVE_PERIODS = (
    "lambda-throttles",
    "kinesis-write-throttle",
    "records-failing",
)
# Alarms that tolerate good periods: the datapoints to alarm, and the periods. Those with FILL need the difference,
# because a datapoint is 0 until it arrives.
WITHIN_A_WINDOW = {
    "dynamodb-write-throttle": (5, 10),
    "dynamodb-index-throttle": (5, 10),
    "records-unread": (3, 12),
}


@pytest.mark.parametrize("subject", AT_THE_FIRST_EVENT)
def test_one_event_is_enough_for(pipeline: Template, subject: str) -> None:
    found = alarm(pipeline, subject)

    assert (found["threshold"], found["evaluation_periods"]) == (1, 1)


@pytest.mark.parametrize("subject", AFTER_FIVE_PERIODS)
def test_five_consecutive_periods_are_needed_for(pipeline: Template, subject: str) -> None:
    found = alarm(pipeline, subject)

    assert (found["threshold"], found["evaluation_periods"]) == (1, 5)


def test_thresholds_are_reached_at_their_value(any_pipeline: Template) -> None:
    any_pipeline.every(
        "aws_cloudwatch_metric_alarm",
        {"comparison_operator": "GreaterThanOrEqualToThreshold"},
    )


@pytest.mark.parametrize("subject", ["lambda-iterator-age", "kinesis-iterator-age"])
@pytest.mark.parametrize(("combination", "record_age_seconds"), [("default", 21_600), ("production", 86_400)])
def test_age_alarms_follow_the_record_age(
    syntheses: Mapping[str, Synthesis], subject: str, combination: str, record_age_seconds: int
) -> None:
    """The threshold is a quarter of RECORD_AGE_SECONDS. Both metrics are in milliseconds."""
    found = alarm(syntheses[combination].template(), subject)

    assert (found["threshold"], found["statistic"]) == (record_age_seconds * 1000 // 4, "Maximum")


def test_missing_datapoints_are_normal_except_for_the_queue(any_pipeline: Template) -> None:
    """AWS publishes no datapoint without an event. SQS stops reporting an inactive queue, even if it is not empty."""
    for each in any_pipeline.resources("aws_cloudwatch_metric_alarm"):
        queue = subject_of(each) == "dead-letter-depth"

        assert each["treat_missing_data"] == ("ignore" if queue else "notBreaching")


def test_alarms_that_tolerate_good_periods(pipeline: Template) -> None:
    tolerant = {
        subject_of(each): (each["datapoints_to_alarm"], each["evaluation_periods"])
        for each in pipeline.resources("aws_cloudwatch_metric_alarm")
        if "datapoints_to_alarm" in each.properties
    }

    assert tolerant == WITHIN_A_WINDOW


@pytest.mark.parametrize(("combination", "seconds"), [("default", 60), ("test run", 10)])
def test_period_is_a_setting_except_for_records_unread(
    syntheses: Mapping[str, Synthesis], combination: str, seconds: int
) -> None:
    alarms = syntheses[combination].template().resources("aws_cloudwatch_metric_alarm")

    found = {subject_of(each): period_of(each) for each in alarms}

    assert found.pop("records-unread") == 300
    assert set(found.values()) == {seconds}
