"""The queue that receives a message for each quarantined object."""

import pytest

from iam_policy_evaluator import Principal, Request, Verdict, evaluate
from terraform_harness.template import Template, attribute, decoded
from tests.unit.modules.decisions import ACCOUNT, Context, arn, policy_of, service_allowed

QUEUE = arn("sqs", "transaction-dead-letter-dev")
RULE = {"aws:SourceArn": arn("events", "rule/transaction-quarantine-dev"), "aws:SecureTransport": "true"}


def test_queue_keeps_messages_for_14_days(pipeline: Template) -> None:
    pipeline.count("aws_sqs_queue", 1)
    pipeline.has("aws_sqs_queue", {"name": "transaction-dead-letter-dev", "message_retention_seconds": 1_209_600})


@pytest.mark.parametrize(
    ("service", "action", "context", "allowed"),
    [
        pytest.param("events", "sqs:SendMessage", RULE, True, id="the rule"),
        pytest.param(
            "events",
            "sqs:SendMessage",
            {"aws:SourceArn": RULE["aws:SourceArn"]},
            True,
            id="the rule, without a TLS key",
        ),
        pytest.param(
            "events",
            "sqs:SendMessage",
            RULE | {"aws:SourceArn": arn("events", "rule/transaction-quarantine-prod")},
            False,
            id="another rule",
        ),
        pytest.param("events", "sqs:SendMessage", RULE | {"aws:SecureTransport": "false"}, False, id="without TLS"),
        pytest.param("events", "sqs:ReceiveMessage", RULE, False, id="another action"),
        pytest.param("s3", "sqs:SendMessage", RULE, False, id="another service"),
    ],
)
def test_only_the_rule_sends_to_the_queue(
    pipeline: Template,
    service: str,
    action: str,
    context: Context,
    allowed: bool,  # noqa: FBT001 - a column of the table
) -> None:
    policy = policy_of(pipeline, pipeline.only("aws_sqs_queue"))

    assert service_allowed(policy, service, action, QUEUE, context) is allowed


def test_queue_policy_denies_requests_without_tls(pipeline: Template) -> None:
    request = Request(
        action="sqs:ReceiveMessage",
        resource=QUEUE,
        principal=Principal("AWS", f"arn:aws:iam::{ACCOUNT}:user/operator"),
        context={"aws:SecureTransport": "false"},
    )

    decision = evaluate(request, resource=policy_of(pipeline, pipeline.only("aws_sqs_queue")))

    assert decision.verdict is Verdict.DENIED_EXPLICITLY


def test_rule_matches_every_object_created_in_the_bucket(pipeline: Template) -> None:
    pipeline.has(
        "aws_cloudwatch_event_rule",
        {
            "name": "transaction-quarantine-dev",
            "event_pattern": decoded(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {"bucket": {"name": [pipeline.only("aws_s3_bucket")["bucket"]]}},
                }
            ),
        },
    )


def test_target_of_the_rule_is_the_queue(pipeline: Template) -> None:
    pipeline.count("aws_cloudwatch_event_target", 1)
    pipeline.has(
        "aws_cloudwatch_event_target",
        {"rule": attribute("aws_cloudwatch_event_rule", "name"), "arn": attribute("aws_sqs_queue", "arn")},
    )
