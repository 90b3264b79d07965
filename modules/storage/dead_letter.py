"""The queue that is told of every record in quarantine, so that an alarm can count them."""

import json
from dataclasses import dataclass

import cdktf
from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from modules import iam as policy
from modules.account import Place
from modules.iam import Statement

_RETENTION_SECONDS = 14 * 24 * 3600  # the longest that SQS offers


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterConfig:
    """What the caller decides."""

    queue_name: str
    rule_name: str
    bucket_name: str
    key_arn: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetterOutputs:
    """References to the queue; `listens` is there once objects are announced to it."""

    queue_url: str
    listens: cdktf.ITerraformDependable


class DeadLetter(Construct):
    """An encrypted queue behind an EventBridge rule.

    A bucket notification straight to the queue would send an s3:TestEvent at once, and ring the queue's alarm after
    every deployment.
    """

    def __init__(self, scope: Construct, id_: str, config: DeadLetterConfig) -> None:
        super().__init__(scope, id_)
        queue_arn = config.place.arn("sqs", config.queue_name)
        queue = SqsQueue(
            self,
            "queue",
            name=config.queue_name,
            kms_master_key_id=config.key_arn,
            message_retention_seconds=_RETENTION_SECONDS,
            # A policy of its own would make the provider wait another 25 s; so the ARNs are built from names.
            policy=policy.document(
                Statement(
                    sid="TheRuleSends",
                    principal={"Service": "events.amazonaws.com"},
                    actions=["sqs:SendMessage"],
                    resources=[queue_arn],
                    conditions={"ArnEquals": {"aws:SourceArn": config.place.arn("events", f"rule/{config.rule_name}")}},
                ),
                policy.only_over_tls("sqs:*", [queue_arn]),
            ),
        )
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=config.rule_name,
            description="Every object that reaches the quarantine bucket",
            event_pattern=json.dumps(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {"bucket": {"name": [config.bucket_name]}},
                }
            ),
        )
        target = CloudwatchEventTarget(self, "target", rule=rule.name, arn=queue.arn)
        self.outputs = DeadLetterOutputs(queue_url=queue.url, listens=target)
