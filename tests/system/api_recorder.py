"""Stands in front of LocalStack and writes down which action each AWS call needs, and on which resource."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from localstack.aws.protocol.parser import create_parser
from localstack.aws.protocol.service_router import determine_aws_protocol, determine_aws_service_model
from localstack.http import Request

from embedded_localstack import FaultProxy
from embedded_localstack.faults.call import Answer, Call

# Where IAM's prefix is not the name that boto3 uses.
_PREFIXES = {"resourcegroupstaggingapi": "tag"}
# Where the action is not called as the operation; for S3 see
# docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
_ACTIONS = {
    "lambda:Invoke": "lambda:InvokeFunction",
    "s3:DeleteBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:DeleteObjects": "s3:DeleteObject",
    "s3:DeletePublicAccessBlock": "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketAccelerateConfiguration": "s3:GetAccelerateConfiguration",
    "s3:GetBucketCors": "s3:GetBucketCORS",
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:GetBucketLifecycleConfiguration": "s3:GetLifecycleConfiguration",
    "s3:GetBucketNotificationConfiguration": "s3:GetBucketNotification",
    "s3:GetBucketReplication": "s3:GetReplicationConfiguration",
    "s3:GetObjectLockConfiguration": "s3:GetBucketObjectLockConfiguration",
    "s3:GetPublicAccessBlock": "s3:GetBucketPublicAccessBlock",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectVersions": "s3:ListBucketVersions",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:PutBucketEncryption": "s3:PutEncryptionConfiguration",
    "s3:PutBucketNotificationConfiguration": "s3:PutBucketNotification",
    "s3:PutPublicAccessBlock": "s3:PutBucketPublicAccessBlock",
}
# docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html: no permission is needed
_FREE = {"sts:GetCallerIdentity"}
# The parameters that name what a call is about, and the ARN that a name stands for.
_NAMES = {
    ("cloudwatch", "AlarmName"): "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    ("cloudwatch", "AlarmNames"): "arn:aws:cloudwatch:{region}:{account}:alarm:{name}",
    ("cloudwatch", "DashboardName"): "arn:aws:cloudwatch::{account}:dashboard/{name}",
    ("cloudwatch", "DashboardNames"): "arn:aws:cloudwatch::{account}:dashboard/{name}",
    ("dynamodb", "TableName"): "arn:aws:dynamodb:{region}:{account}:table/{name}",
    ("events", "Name"): "arn:aws:events:{region}:{account}:rule/{name}",
    ("events", "Rule"): "arn:aws:events:{region}:{account}:rule/{name}",
    ("iam", "RoleName"): "arn:aws:iam::{account}:role/{name}",
    ("kinesis", "StreamName"): "arn:aws:kinesis:{region}:{account}:stream/{name}",
    ("kms", "AliasName"): "arn:aws:kms:{region}:{account}:{name}",
    ("lambda", "FunctionName"): "arn:aws:lambda:{region}:{account}:function:{name}",
    ("logs", "logGroupName"): "arn:aws:logs:{region}:{account}:log-group:{name}",
    ("sns", "Name"): "arn:aws:sns:{region}:{account}:{name}",
    ("sqs", "QueueName"): "arn:aws:sqs:{region}:{account}:{name}",
    ("sqs", "QueueUrl"): "arn:aws:sqs:{region}:{account}:{name}",
}
_ARNS = ("Resource", "ResourceARN", "ResourceArn", "StreamARN", "TopicArn", "resourceArn")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Need:
    """An action that a call needs, on a resource; empty if the call names none."""

    action: str
    arn: str


class Witness(FaultProxy):
    """A proxy that lets everything through and remembers it.

    Args:
        target_url: LocalStack's address.
        here: The `region` and the `account` of the ARNs.
    """

    def __init__(self, target_url: str, here: Mapping[str, str]) -> None:
        super().__init__(target_url)
        self._here = here
        self._calls: list[Call] = []

    @property
    def needs(self) -> list[Need]:
        """What was needed for all that passed, each once."""
        return sorted({need for call in self._calls for need in self._needs(call)})

    def handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        """Pass a request on; it is read later, so that one that cannot be read fails the test and not its sender."""
        call = Call(service="", operation="", method=method, target=target, headers=headers, body=body)
        # LocalStack's own addresses need nothing.
        if not target.startswith("/_"):
            self._calls.append(call)
        return self._forward(call)

    def _needs(self, call: Call) -> Iterator[Need]:
        url = urlsplit(call.target)
        request = Request(call.method, url.path, query_string=url.query, headers=call.headers, body=call.body)
        service = determine_aws_service_model(request)
        operation, parameters = create_parser(service, determine_aws_protocol(request, service)).parse(request)
        action = f"{_PREFIXES.get(service.service_name, service.service_name)}:{operation.name}"
        if action not in _FREE:
            for arn in list(self._arns(service.service_name, parameters)) or [""]:
                yield Need(action=_ACTIONS.get(action, action), arn=arn)

    def _arns(self, service: str, parameters: Mapping[str, Any]) -> Iterator[str]:
        given = {name: value for name, value in parameters.items() if value}
        if service == "s3" and "Bucket" in given:
            keys = [given.get("Key"), *(one["Key"] for one in given.get("Delete", {}).get("Objects", []))]
            paths = [f"{given['Bucket']}/{key}" for key in keys if key] or [given["Bucket"]]
            yield from (f"arn:aws:s3:::{path}" for path in paths)
        for parameter, value in given.items():
            if parameter in _ARNS:
                yield value
            elif pattern := _NAMES.get((service, parameter)):
                for name in value if isinstance(value, list) else [value]:
                    stem = name.rpartition("/")[2] if parameter == "QueueUrl" else name
                    yield name if name.startswith("arn:") else pattern.format(name=stem, **self._here)
