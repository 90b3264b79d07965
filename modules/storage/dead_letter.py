"""The queue that receives a message for each quarantined object. An alarm counts its messages."""

import json

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from constructs import Construct

from modules import iam

_RETENTION_SECONDS = 14 * 24 * 3600  # the maximum of SQS


class DeadLetter(Construct):
    """An encrypted queue that is the target of an EventBridge rule.

    A bucket notification that goes directly to the queue would send an s3:TestEvent at once. The queue's alarm would
    then go to ALARM after every deployment.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        queue_name: str,
        queue_arn: str,
        rule_name: str,
        rule_arn: str,
        bucket_name: str,
        key_arn: str,
    ) -> None:
        super().__init__(scope, id_)
        queue = SqsQueue(
            self,
            "queue",
            name=queue_name,
            kms_master_key_id=key_arn,
            message_retention_seconds=_RETENTION_SECONDS,
            # The provider would wait 25 s longer for a separate policy resource. Inside the queue, the policy cannot
            # refer to the queue's ARN.
            policy=iam.document(
                iam.Statement(
                    sid="TheRuleSends",
                    principal={"Service": "events.amazonaws.com"},
                    actions=["sqs:SendMessage"],
                    resources=[queue_arn],
                    conditions={"ArnEquals": {"aws:SourceArn": rule_arn}},
                ),
                iam.deny_without_tls("sqs:*", [queue_arn]),
            ),
        )
        pattern = {
            "source": ["aws.s3"],
            "detail-type": ["Object Created"],
            "detail": {"bucket": {"name": [bucket_name]}},
        }
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=rule_name,
            description="Matches every object created in the quarantine bucket",
            event_pattern=json.dumps(pattern),
        )
        self.target = CloudwatchEventTarget(self, "target", rule=rule.name, arn=queue.arn)
        self.queue_url = queue.url
