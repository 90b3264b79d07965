"""Decides whether a run may delete a resource: only what its tags, or a name of the run's own, show to be the run's."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from terraform_harness.deployments.inventory import Resource, Tags
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target

# These have no tags; their names end in the suffix of a run.
_WITHOUT_TAGS = frozenset({"dashboard", "key alias"})


@dataclass(frozen=True, slots=True)
class _Call:
    """The call that lists the tags of a resource, and what it takes: the identifier, or an ARN made of it."""

    service: str
    operation: str
    parameter: str
    argument: str = "{identifier}"


_ALARM = _Call(
    "cloudwatch",
    "list_tags_for_resource",
    "ResourceARN",
    "arn:{partition}:cloudwatch:{region}:{account}:alarm:{identifier}",
)
_CALLS: Mapping[str, _Call] = {
    "alarm": _ALARM,
    "bucket": _Call("s3", "get_bucket_tagging", "Bucket"),
    "composite alarm": _ALARM,
    "event source mapping": _Call(
        "lambda",
        "list_tags",
        "Resource",
        "arn:{partition}:lambda:{region}:{account}:event-source-mapping:{identifier}",
    ),
    "function": _Call(
        "lambda", "list_tags", "Resource", "arn:{partition}:lambda:{region}:{account}:function:{identifier}"
    ),
    "log group": _Call(
        "logs",
        "list_tags_for_resource",
        "resourceArn",
        "arn:{partition}:logs:{region}:{account}:log-group:{identifier}",
    ),
    "role": _Call("iam", "list_role_tags", "RoleName"),
    "rule": _Call(
        "events", "list_tags_for_resource", "ResourceARN", "arn:{partition}:events:{region}:{account}:rule/{identifier}"
    ),
    "queue": _Call("sqs", "list_queue_tags", "QueueUrl"),
    "stream": _Call("kinesis", "list_tags_for_stream", "StreamName"),
    "table": _Call(
        "dynamodb",
        "list_tags_of_resource",
        "ResourceArn",
        "arn:{partition}:dynamodb:{region}:{account}:table/{identifier}",
    ),
    "topic": _Call("sns", "list_tags_for_resource", "ResourceArn"),
}
_ANSWERS = ("Tags", "tags", "TagSet")


def reason_to_keep(resource: Resource, run: Run, target: Target) -> str | None:
    """Why a resource is not deleted with a run; None if it is.

    On AWS only a tag `RunId` with the id of the run shows that a resource is the run's. A LocalStack does not return
    the tags of each kind: there, a name that only this run can have given is enough.
    """
    tags = _tags_of(resource, target)
    owner = (tags or {}).get("RunId")
    if owner == run.run_id:
        return None
    if owner is not None:
        return f"its tag RunId is {owner}"
    by_name = run.owns_name(resource.name) or resource.key in run.created.names
    if by_name and (resource.kind in _WITHOUT_TAGS or target.endpoint is not None):
        return None
    return "its tags cannot be read" if tags is None else "it has no tag RunId"


def _tags_of(resource: Resource, target: Target) -> Tags | None:
    """The tags of a resource; None if they cannot be read."""
    if resource.tags is not None:
        return resource.tags
    if resource.kind in _WITHOUT_TAGS:
        return {}
    # A resource may be gone by now, and S3 answers with an error for a bucket without tags.
    with suppress(BotoCoreError, ClientError):
        return _listed(resource, target)
    return None


def _listed(resource: Resource, target: Target) -> Tags:
    call = _CALLS[resource.kind]
    caller = target.client("sts", resource.region).get_caller_identity() if "{account}" in call.argument else {}
    argument = call.argument.format(
        identifier=resource.identifier,
        region=resource.region,
        account=caller.get("Account"),
        partition=caller.get("Arn", ":").split(":")[1],
    )
    answer = getattr(target.client(call.service, resource.region), call.operation)(**{call.parameter: argument})
    found: Any = next((answer[name] for name in _ANSWERS if name in answer), {})
    return found if isinstance(found, Mapping) else {tag["Key"]: tag["Value"] for tag in found}
