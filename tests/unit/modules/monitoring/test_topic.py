"""The topic that the alarms notify."""

import pytest

from iam_policy_evaluator import Principal, Request, Verdict, evaluate
from terraform_harness.template import Template
from tests.unit.modules.decisions import ACCOUNT, ANOTHER_ACCOUNT, TOPIC, Context, arn, policy_of, service_allowed

ALARM = {
    "aws:SourceAccount": ACCOUNT,
    "aws:SourceArn": arn("cloudwatch", "alarm:lambda-errors-dev"),
    "aws:SecureTransport": "true",
}


@pytest.mark.parametrize(
    ("context", "allowed"),
    [
        pytest.param(ALARM, True, id="an alarm of this environment"),
        pytest.param(
            {key: value for key, value in ALARM.items() if key != "aws:SecureTransport"}, True, id="without a TLS key"
        ),
        pytest.param(
            ALARM | {"aws:SourceArn": arn("cloudwatch", "alarm:lambda-errors-prod")}, False, id="another environment"
        ),
        pytest.param(ALARM | {"aws:SourceAccount": ANOTHER_ACCOUNT}, False, id="another account"),
        pytest.param(ALARM | {"aws:SecureTransport": "false"}, False, id="without TLS"),
    ],
)
def test_only_own_alarms_publish_over_tls(
    pipeline: Template,
    context: Context,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    policy = policy_of(pipeline, pipeline.only("aws_sns_topic_policy"))

    assert service_allowed(policy, "cloudwatch", "sns:Publish", TOPIC, context) is allowed


def test_requests_without_tls_are_denied_to_the_account_too(pipeline: Template) -> None:
    policy = policy_of(pipeline, pipeline.only("aws_sns_topic_policy"))
    request = Request(
        action="sns:Publish",
        resource=TOPIC,
        principal=Principal("AWS", f"arn:aws:iam::{ACCOUNT}:user/operator"),
        context={"aws:SecureTransport": "false"},
    )

    assert evaluate(request, resource=policy).verdict is Verdict.DENIED_EXPLICITLY


def test_no_other_service_publishes(pipeline: Template) -> None:
    policy = policy_of(pipeline, pipeline.only("aws_sns_topic_policy"))

    assert not service_allowed(policy, "events", "sns:Publish", TOPIC, ALARM)


def test_alarms_can_use_the_key_of_their_topic(any_pipeline: Template) -> None:
    """Without the key's permission CloudWatch drops the message without an error."""
    for alarm in any_pipeline.resources("aws_cloudwatch_*_alarm"):
        (topic,) = any_pipeline.resolve(alarm["alarm_actions"][0])
        (key,) = any_pipeline.resolve(topic["kms_master_key_id"])
        source = {
            "aws:SourceAccount": ACCOUNT,
            "aws:SourceArn": arn("cloudwatch", f"alarm:{alarm['alarm_name']}"),
        }

        policy = policy_of(any_pipeline, key)

        assert topic["name"] in {"transaction-alarms-dev", "transaction-alarms-prod"}
        for action in ("kms:Decrypt", "kms:GenerateDataKey"):
            assert service_allowed(policy, "cloudwatch", action, "*", source)
