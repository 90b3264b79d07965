"""The notifications of the alarms, their descriptions, and the composite alarm for the whole pipeline."""

import re
from pathlib import Path

import pytest

from terraform_harness.template import ABSENT, Template, attribute
from tests.unit.modules.monitoring.alarm_reading import subject_of

RUNBOOK = Path(__file__).parents[4] / "docs" / "runbook.md"


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_alarms_notify_the_topic(any_pipeline: Template, type_: str) -> None:
    any_pipeline.every(type_, {"alarm_actions": [attribute("aws_sns_topic", "arn")], "actions_enabled": ABSENT})


def test_only_the_composite_alarm_notifies_on_ok(any_pipeline: Template) -> None:
    notifies = {"ok_actions": [attribute("aws_sns_topic", "arn")], "insufficient_data_actions": ABSENT}

    any_pipeline.every("aws_cloudwatch_composite_alarm", notifies)
    any_pipeline.every("aws_cloudwatch_metric_alarm", {"ok_actions": ABSENT, "insufficient_data_actions": ABSENT})


@pytest.mark.parametrize("type_", ["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"])
def test_descriptions_end_in_a_link_to_the_runbook(any_pipeline: Template, type_: str) -> None:
    for each in any_pipeline.resources(type_):
        assert re.fullmatch(rf"[A-Z].+\. docs/runbook\.md#{subject_of(each)}", each["alarm_description"])


def test_runbook_has_a_section_for_each_alarm(pipeline: Template) -> None:
    """Sections on other subjects begin with a capital letter."""
    headings = re.findall(r"^## ([a-z].*)$", RUNBOOK.read_text(), re.MULTILINE)

    linked = {each["alarm_description"].rpartition("#")[2] for each in pipeline.resources("aws_cloudwatch_*_alarm")}

    assert linked == set(headings)
    assert len(headings) == len(set(headings))


def test_composite_alarm_watches_every_alarm_of_the_pipeline(any_pipeline: Template) -> None:
    """Another system can cause the alarm that it leaves out: its metric is about the whole account."""
    health = any_pipeline.only("aws_cloudwatch_composite_alarm")

    rule = health["alarm_rule"].split(" OR ")

    assert sorted(rule) == sorted(
        f'ALARM("${{{each.address}.arn}}")'
        for each in any_pipeline.resources("aws_cloudwatch_metric_alarm")
        if subject_of(each) != "dynamodb-throttle"
    )
    assert health["alarm_description"] == (
        "At least one alarm of the pipeline is in ALARM. Not included, because the metric covers the whole account:"
        " dynamodb-throttle. docs/runbook.md#pipeline-health"
    )
    assert health["alarm_name"] in {"pipeline-health-dev", "pipeline-health-prod"}
