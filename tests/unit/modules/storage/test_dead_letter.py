"""The queue that is told of every quarantined record."""

import pytest

from terraform_harness.template import Template, attribute, decoded


@pytest.fixture(scope="session")
def arns(pipeline: Template) -> dict[str, str]:
    account = f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}"
    region = f"${{{pipeline.only('data.aws_region').address}.name}}"
    partition = f"${{{pipeline.only('data.aws_partition').address}.partition}}"
    return {
        "queue": f"arn:{partition}:sqs:{region}:{account}:transaction-dead-letter-dev",
        "rule": f"arn:{partition}:events:{region}:{account}:rule/transaction-quarantine-dev",
    }


def test_the_queue_keeps_its_messages_for_14_days(pipeline: Template) -> None:
    pipeline.count("aws_sqs_queue", 1)
    pipeline.has("aws_sqs_queue", {"name": "transaction-dead-letter-dev", "message_retention_seconds": 1_209_600})


def test_only_our_rule_may_send_to_the_queue(pipeline: Template, arns: dict[str, str]) -> None:
    assert pipeline.only("aws_sqs_queue").statements()["TheRuleSends"] == {
        "Sid": "TheRuleSends",
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": ["sqs:SendMessage"],
        "Resource": [arns["queue"]],
        "Condition": {"ArnEquals": {"aws:SourceArn": arns["rule"]}},
    }


def test_the_queue_refuses_everybody_who_comes_without_tls(pipeline: Template, arns: dict[str, str]) -> None:
    assert pipeline.only("aws_sqs_queue").statements()["OnlyOverTls"] == {
        "Sid": "OnlyOverTls",
        "Effect": "Deny",
        "Principal": "*",
        "Action": ["sqs:*"],
        "Resource": [arns["queue"]],
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }


def test_the_queues_policy_has_no_other_statement(pipeline: Template) -> None:
    assert len(pipeline.only("aws_sqs_queue").decoded("policy")["Statement"]) == 2


def test_the_rule_is_for_every_object_created_in_the_bucket(pipeline: Template) -> None:
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


def test_the_rule_tells_the_queue(pipeline: Template) -> None:
    pipeline.count("aws_cloudwatch_event_target", 1)
    pipeline.has(
        "aws_cloudwatch_event_target",
        {"rule": attribute("aws_cloudwatch_event_rule", "name"), "arn": attribute("aws_sqs_queue", "arn")},
    )
