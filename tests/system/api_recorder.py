"""Records which action each AWS API call needs, and the resource."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from localstack.aws.protocol.parser import create_parser
from localstack.aws.protocol.service_router import determine_aws_protocol, determine_aws_service_model
from localstack.http import Request

from embedded_localstack import FaultProxy
from embedded_localstack.faults.call import Call, Response

# Services whose IAM prefix differs from their name in boto3.
_PREFIXES = {"resourcegroupstaggingapi": "tag"}
# Operations whose IAM action has another name. For S3:
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
# No permission is required: docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
_FREE = {"sts:GetCallerIdentity"}
# The parameters that name the resource of a call, and the ARN of that name.
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
class RequiredPermission:
    """The action that a call needs, and the resource's ARN; an empty ARN if the call names no resource."""

    action: str
    arn: str


class ApiRecorder(FaultProxy):
    """A proxy in front of LocalStack that forwards every call and records it.

    Args:
        target_url: LocalStack's address.
        here: The `region` and the `account` of the ARNs.
    """

    def __init__(self, target_url: str, here: Mapping[str, str]) -> None:
        super().__init__(target_url)
        self._here = here
        self._calls: list[Call] = []

    @property
    def required_permissions(self) -> list[RequiredPermission]:
        """The distinct permissions that the recorded calls need."""
        return sorted({permission for call in self._calls for permission in self._permissions(call)})

    def handle(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Response:
        """Forward a request. It is parsed later, so that a parsing error fails the test and not the client."""
        call = Call(service="", operation="", method=method, target=target, headers=headers, body=body)
        # LocalStack's internal paths need no permission.
        if not target.startswith("/_"):
            self._calls.append(call)
        return self.forward(call)

    def _permissions(self, call: Call) -> Iterator[RequiredPermission]:
        url = urlsplit(call.target)
        request = Request(call.method, url.path, query_string=url.query, headers=call.headers, body=call.body)
        service = determine_aws_service_model(request)
        operation, parameters = create_parser(service, determine_aws_protocol(request, service)).parse(request)
        action = f"{_PREFIXES.get(service.service_name, service.service_name)}:{operation.name}"
        if action not in _FREE:
            for arn in list(self._arns(service.service_name, parameters)) or [""]:
                yield RequiredPermission(action=_ACTIONS.get(action, action), arn=arn)

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
