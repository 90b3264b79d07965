"""A subscription of the alarm topic."""

import hashlib
import re

from cdktf_cdktf_provider_aws.lambda_permission import LambdaPermission
from cdktf_cdktf_provider_aws.sns_topic_subscription import SnsTopicSubscription
from constructs import Construct

_FUNCTION = re.compile(r"(?P<arn>arn:[^:]+:lambda:[^:]+:\d+:function:[^:]+)(:(?P<qualifier>[^:]+))?")


class Subscription(Construct):
    """One subscriber of the topic: an email address, an https URL, or the ARN of an SQS queue or a Lambda function.

    It has no filter policy, so every alarm notifies every subscriber. A filter for `pipeline-health` would hide a
    second cause, because the composite alarm is then in ALARM already.
    """

    def __init__(self, scope: Construct, id_: str, *, subscriber: str, topic_arn: str, topic_name: str) -> None:
        super().__init__(scope, id_)
        function = _FUNCTION.fullmatch(subscriber)
        # The qualifier is not part of `function_name`, or the provider replaces the permission in each deployment:
        # github.com/hashicorp/terraform-provider-aws/issues/38558
        permission = function and LambdaPermission(
            self,
            "permission",
            statement_id=topic_name,
            action="lambda:InvokeFunction",
            function_name=function["arn"],
            qualifier=function["qualifier"],
            principal="sns.amazonaws.com",
            source_arn=topic_arn,
        )
        protocol = protocol_of(subscriber)
        SnsTopicSubscription(
            self,
            "subscription",
            topic_arn=topic_arn,
            protocol=protocol,
            endpoint=subscriber,
            # Terraform then waits for the confirmation, and reports an endpoint that does not confirm.
            endpoint_auto_confirms=True if protocol == "https" else None,
            depends_on=[permission] if permission else None,
        )


def construct_id(subscriber: str) -> str:
    """Return an id that depends only on the subscriber, so that a new order of the list changes no resource."""
    return f"{protocol_of(subscriber)}-{hashlib.sha256(subscriber.encode()).hexdigest()[:8]}"


def protocol_of(subscriber: str) -> str:
    """Return the protocol of SNS for a subscriber."""
    if subscriber.startswith("arn:"):
        return subscriber.split(":")[2]
    return "https" if subscriber.startswith("https://") else "email"
