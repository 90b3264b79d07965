"""A run may delete a resource with its tag RunId. On LocalStack, a name of the run is enough."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.stub import Stubber

from harness_support.stores import add_created, created
from terraform_harness.deployments.inventory import Resource
from terraform_harness.deployments.kinds import KINDS
from terraform_harness.deployments.ownership import reason_to_keep
from terraform_harness.deployments.run import Run
from terraform_harness.targets.target import Target
from terraform_harness.terraform.created import Created

ACCOUNT, REGION = "123456789012", "eu-central-1"
NO_TAG = "it has no tag RunId"
UNREADABLE = "its tags cannot be read"
# EC2 and KMS return the tags with the list.
TAGGED_IN_LISTS = {"endpoint", "key", "network interface", "route table", "security group", "subnet", "VPC"}
IDENTITY = {"Account": ACCOUNT, "Arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/ci/1", "UserId": "AROA:1"}


class Clients(dict[tuple[str, str], Any]):
    """boto3 clients that validate each call against the API model and send nothing."""

    def answering(self, service: str, operation: str, answer: Mapping[str, Any], **parameters: object) -> "Clients":
        self._stub(service).add_response(operation, answer, parameters)
        return self

    def failing(self, service: str, operation: str, code: str) -> "Clients":
        self._stub(service).add_client_error(operation, code)
        return self

    def _stub(self, service: str) -> Stubber:
        keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        stub = Stubber(boto3.client(service, region_name=REGION, **keys))  # type: ignore[call-overload]  # any service
        stub.activate()
        self[service, REGION] = stub.client
        return stub


def aws(clients: Clients | None = None) -> Target:
    environment = {"AWS_REGION": REGION}
    return Target(name="aws", environment=environment, account=ACCOUNT, _clients=clients or Clients())


def localstack(clients: Clients | None = None) -> Target:
    environment = {"AWS_ENDPOINT_URL": "http://127.0.0.1:4566", "AWS_REGION": REGION}
    return Target(name="localstack", environment=environment, _clients=clients or Clients())


def resource(kind: str, name: str, *, identifier: str | None = None, tags: Mapping[str, str] | None = None) -> Resource:
    return Resource(kind=kind, name=name, identifier=identifier or name, region=REGION, tags=tags)


def decision(resource: Resource, run: Run, there: Target) -> str | None:
    """Return the reason to keep a resource; None if the run may delete it."""
    return reason_to_keep(resource, run, created(run), there)


PAIRS, MAP = [{"Key": "RunId", "Value": "run-1"}], {"RunId": "run-1"}
ARN = f"{REGION}:{ACCOUNT}"


@pytest.mark.parametrize(
    ("kind", "call", "argument", "answer"),
    [
        ("alarm", "cloudwatch list_tags_for_resource ResourceARN", f"arn:aws:cloudwatch:{ARN}:alarm:x", PAIRS),
        (
            "composite alarm",
            "cloudwatch list_tags_for_resource ResourceARN",
            f"arn:aws:cloudwatch:{ARN}:alarm:x",
            PAIRS,
        ),
        ("bucket", "s3 get_bucket_tagging Bucket", "x", PAIRS),
        ("event source mapping", "lambda list_tags Resource", f"arn:aws:lambda:{ARN}:event-source-mapping:x", MAP),
        ("function", "lambda list_tags Resource", f"arn:aws:lambda:{ARN}:function:x", MAP),
        ("log group", "logs list_tags_for_resource resourceArn", f"arn:aws:logs:{ARN}:log-group:x", MAP),
        ("role", "iam list_role_tags RoleName", "x", PAIRS),
        ("rule", "events list_tags_for_resource ResourceARN", f"arn:aws:events:{ARN}:rule/x", PAIRS),
        ("queue", "sqs list_queue_tags QueueUrl", "x", MAP),
        ("stream", "kinesis list_tags_for_stream StreamName", "x", PAIRS),
        ("table", "dynamodb list_tags_of_resource ResourceArn", f"arn:aws:dynamodb:{ARN}:table/x", PAIRS),
        ("topic", "sns list_tags_for_resource ResourceArn", "x", PAIRS),
    ],
)
def test_tags_of_each_kind_are_read(run: Run, kind: str, call: str, argument: str, answer: object) -> None:
    service, operation, parameter = call.split()
    field = {"s3": "TagSet", "logs": "tags"}.get(service, "Tags")
    more = {"HasMoreTags": False} if service == "kinesis" else {}
    clients = Clients().answering(service, operation, {field: answer, **more}, **{parameter: argument})
    clients.answering("sts", "get_caller_identity", IDENTITY)

    assert decision(resource(kind, "theirs", identifier="x"), run, aws(clients)) is None


def test_every_kind_has_a_source_of_tags() -> None:
    without = {name for name, kind in KINDS.items() if kind.tags is None}

    assert without == {*TAGGED_IN_LISTS, "dashboard", "key alias"}


def test_arn_has_the_partition_of_the_credentials(run: Run) -> None:
    identity = {**IDENTITY, "Arn": f"arn:aws-us-gov:iam::{ACCOUNT}:user/ci"}
    clients = Clients().answering("sts", "get_caller_identity", identity)
    clients.answering("lambda", "list_tags", {"Tags": MAP}, Resource=f"arn:aws-us-gov:lambda:{ARN}:function:f")

    assert decision(resource("function", "f"), run, aws(clients)) is None


@pytest.mark.parametrize("there", [aws(), localstack()], ids=["AWS", "LocalStack"])
@pytest.mark.parametrize("name", ["orders-t-0123abcd", "recorded", "orders"])
def test_resource_of_another_run_is_kept_even_with_a_name_of_the_run(run: Run, there: Target, name: str) -> None:
    add_created(run, names=[("VPC", "recorded", REGION)])
    theirs = resource("VPC", name, tags={"RunId": "run-2", "Environment": "t-0123abcd"})

    assert decision(theirs, run, there) == "its tag RunId is run-2"


@pytest.mark.parametrize("there", [aws(), localstack()], ids=["AWS", "LocalStack"])
def test_tag_of_the_run_is_enough(run: Run, there: Target) -> None:
    assert decision(resource("VPC", "vpc-1", tags={"RunId": "run-1"}), run, there) is None


@pytest.mark.parametrize("tags", [{}, {"Environment": "t-0123abcd"}, {"runid": "run-1"}, {"RunId ": "run-1"}])
@pytest.mark.parametrize("name", ["orders-t-0123abcd", "orders-t-0123abcd-123456789012", "recorded"])
def test_name_without_tag_is_not_enough_on_aws(run: Run, name: str, tags: dict[str, str]) -> None:
    add_created(run, names=[("VPC", "recorded", REGION)])

    assert decision(resource("VPC", name, tags=tags), run, aws()) == NO_TAG


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("orders-t-0123abcd", None),
        ("orders-t-0123abcd-123456789012", None),
        ("recorded", None),
        ("recorded-elsewhere", NO_TAG),
        ("t-0123abcd", NO_TAG),
        ("orders-t-0123abcd-dlq", NO_TAG),
        ("orders-t-0123abcde", NO_TAG),
        ("orders-t-ffffffff", NO_TAG),
        ("ordersXt-0123abcd", NO_TAG),
        ("recordedX", NO_TAG),
        ("orders", NO_TAG),
    ],
)
def test_name_of_the_run_is_enough_on_localstack(run: Run, name: str, reason: str | None) -> None:
    recorded = [("VPC", "recorded", REGION), ("VPC", "recorded-elsewhere", "us-east-1"), ("subnet", "orders", REGION)]
    add_created(run, names=recorded)

    assert decision(resource("VPC", name, tags={}), run, localstack()) == reason


def test_suffix_that_is_not_unique_owns_no_name(run: Run) -> None:
    dev = replace(run, suffix="dev")

    assert decision(resource("VPC", "orders-dev", tags={}), dev, localstack()) == NO_TAG


@pytest.mark.parametrize("kind", ["dashboard", "key alias"])
@pytest.mark.parametrize("there", [aws(), localstack()], ids=["AWS", "LocalStack"])
@pytest.mark.parametrize(("name", "reason"), [("orders-t-0123abcd", None), ("recorded", None), ("orders", NO_TAG)])
def test_name_decides_for_kinds_without_tags(run: Run, kind: str, there: Target, name: str, reason: str | None) -> None:
    add_created(run, names=[(kind, "recorded", REGION)])

    assert decision(resource(kind, name), run, there) == reason


def test_unreadable_tags_are_not_enough_on_aws(run: Run) -> None:
    there = aws(Clients().failing("s3", "get_bucket_tagging", "NoSuchTagSet"))

    assert decision(resource("bucket", "orders-t-0123abcd"), run, there) == UNREADABLE


def test_unreachable_service_is_not_enough_on_aws(run: Run) -> None:
    class Unreachable:
        def list_queue_tags(self, **_: object) -> object:
            raise EndpointConnectionError(endpoint_url="https://sqs.eu-central-1.amazonaws.com")

    there = aws(Clients({("sqs", REGION): Unreachable()}))

    assert decision(resource("queue", "orders-t-0123abcd"), run, there) == UNREADABLE


@pytest.mark.parametrize(("name", "reason"), [("orders-t-0123abcd", None), ("orders", UNREADABLE)])
def test_name_decides_for_unreadable_tags_on_localstack(run: Run, name: str, reason: str | None) -> None:
    there = localstack(Clients().failing("s3", "get_bucket_tagging", "NoSuchTagSet"))

    assert decision(resource("bucket", name), run, there) == reason


def test_response_without_tags_field_has_no_tags(run: Run) -> None:
    """SQS leaves the field out for a queue without tags."""
    clients = Clients().answering("sqs", "list_queue_tags", {}, QueueUrl="https://sqs/orders-t-0123abcd")
    queue = resource("queue", "orders-t-0123abcd", identifier="https://sqs/orders-t-0123abcd")

    assert decision(queue, run, aws(clients)) == NO_TAG


def test_run_of_another_machine_owns_its_tagged_resources(run: Run) -> None:
    """Its folder is not on this machine."""
    elsewhere = replace(run, folder=run.folder.parent / "elsewhere")

    assert created(elsewhere) == Created()
    assert decision(resource("VPC", "vpc-1", tags={"RunId": "run-1"}), elsewhere, aws()) is None
    assert decision(resource("VPC", "vpc-1", tags={}), elsewhere, localstack()) == NO_TAG
