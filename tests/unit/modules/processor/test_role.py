"""The permissions of the function's role."""

from collections.abc import Mapping
from typing import Any

import pytest

from iam_policy_evaluator import Policy
from terraform_harness.template import ABSENT, Resource, Template, attribute
from tests.unit.modules.decisions import (
    ACCOUNT,
    ANOTHER_ACCOUNT,
    BUCKET,
    KEY,
    REGION,
    Context,
    arn,
    policy_of,
    role_allows,
)

STREAM = arn("kinesis", "stream/transaction-stream-dev")
LEDGER = arn("dynamodb", "table/transactions-dev")
LOG_STREAM = arn("logs", "log-group:/aws/lambda/transaction-processor-dev:log-stream:1")
FUNCTION = arn("lambda", "function:transaction-processor-dev")
FOR_STREAM = {"kms:EncryptionContext:aws:kinesis:arn": STREAM}
OWN_BUCKET = {"s3:ResourceAccount": ACCOUNT}


def through(service: str) -> Context:
    """Return the context of a request to KMS that a service makes for the role."""
    return {"kms:ViaService": f"{service}.{REGION}.amazonaws.com"}


def for_environment_of(function: str) -> Context:
    """Return the context of Lambda's request to KMS for the environment variables of a function."""
    return {"kms:EncryptionContext:aws:lambda:FunctionArn": function}


# Everything that the function, or Lambda in its name, must be able to do.
NEEDED: Mapping[str, tuple[str, str, Context]] = {
    "Lambda describes the stream": ("kinesis:DescribeStream", STREAM, {}),
    "Lambda summarizes the stream": ("kinesis:DescribeStreamSummary", STREAM, {}),
    "Lambda lists the shards": ("kinesis:ListShards", STREAM, {}),
    "Lambda opens a shard": ("kinesis:GetShardIterator", STREAM, {}),
    "Lambda reads records": ("kinesis:GetRecords", STREAM, {}),
    "Lambda decrypts records": ("kms:Decrypt", KEY, FOR_STREAM),
    "the function stores a transaction": ("dynamodb:PartiQLInsert", LEDGER, {}),
    "the function reads a stored transaction": ("dynamodb:BatchGetItem", LEDGER, {}),
    "DynamoDB decrypts": ("kms:Decrypt", KEY, through("dynamodb")),
    "DynamoDB describes the key": ("kms:DescribeKey", KEY, through("dynamodb")),
    "DynamoDB encrypts": ("kms:Encrypt", KEY, through("dynamodb")),
    "DynamoDB generates a data key": ("kms:GenerateDataKey", KEY, through("dynamodb")),
    "the function rejects a record": ("s3:PutObject", f"{BUCKET}/rejected/shard/1.json", OWN_BUCKET),
    "Lambda delivers a failed record": ("s3:PutObject", f"{BUCKET}/aws/lambda/mapping/1", OWN_BUCKET),
    "Lambda finds the bucket": ("s3:ListBucket", BUCKET, OWN_BUCKET),
    "S3 generates a data key": ("kms:GenerateDataKey", KEY, through("s3")),
    "S3 decrypts a data key": ("kms:Decrypt", KEY, through("s3")),
    "Lambda creates a log stream": ("logs:CreateLogStream", LOG_STREAM, {}),
    "Lambda writes logs": ("logs:PutLogEvents", LOG_STREAM, {}),
    "CloudWatch Logs encrypts": ("kms:GenerateDataKey", KEY, through("logs")),
    "Lambda decrypts the environment": ("kms:Decrypt", KEY, for_environment_of(FUNCTION)),
    "Lambda decrypts the environment of a version": ("kms:Decrypt", KEY, for_environment_of(f"{FUNCTION}:7")),
    "Lambda creates a network interface": ("ec2:CreateNetworkInterface", "*", {}),
    "Lambda finds network interfaces": ("ec2:DescribeNetworkInterfaces", "*", {}),
    "Lambda finds the subnets": ("ec2:DescribeSubnets", "*", {}),
    "Lambda deletes a network interface": ("ec2:DeleteNetworkInterface", "*", {}),
    "Lambda assigns an address": ("ec2:AssignPrivateIpAddresses", "*", {}),
    "Lambda unassigns an address": ("ec2:UnassignPrivateIpAddresses", "*", {}),
}
FORBIDDEN: Mapping[str, tuple[str, str, Context]] = {
    "read another stream": ("kinesis:GetRecords", arn("kinesis", "stream/transaction-stream-prod"), {}),
    "write to the stream": ("kinesis:PutRecord", STREAM, {}),
    "decrypt records of another stream": (
        "kms:Decrypt",
        KEY,
        {"kms:EncryptionContext:aws:kinesis:arn": arn("kinesis", "stream/transaction-stream-prod")},
    ),
    "use the key directly": ("kms:Decrypt", KEY, {}),
    "use another key": ("kms:Decrypt", arn("kms", "key/2"), through("dynamodb")),
    "decrypt the environment of another function": ("kms:Decrypt", KEY, for_environment_of(f"{FUNCTION}-2")),
    "use the key through another service": ("kms:Decrypt", KEY, through("secretsmanager")),
    "overwrite a transaction": ("dynamodb:PutItem", LEDGER, {}),
    "change a transaction": ("dynamodb:PartiQLUpdate", LEDGER, {}),
    "delete a transaction": ("dynamodb:PartiQLDelete", LEDGER, {}),
    "store in another table": ("dynamodb:PartiQLInsert", arn("dynamodb", "table/transactions-prod"), {}),
    "write elsewhere in the bucket": ("s3:PutObject", f"{BUCKET}/other/1.json", OWN_BUCKET),
    "write to a bucket of another account": (
        "s3:PutObject",
        f"{BUCKET}/rejected/shard/1.json",
        {"s3:ResourceAccount": ANOTHER_ACCOUNT},
    ),
    "read quarantined records": ("s3:GetObject", f"{BUCKET}/rejected/shard/1.json", OWN_BUCKET),
    "delete quarantined records": ("s3:DeleteObject", f"{BUCKET}/rejected/shard/1.json", OWN_BUCKET),
    "create a log group": ("logs:CreateLogGroup", arn("logs", "log-group:/aws/lambda/transaction-processor-dev"), {}),
    "write to another log group": (
        "logs:PutLogEvents",
        arn("logs", "log-group:/aws/lambda/transaction-processor-prod:log-stream:1"),
        {},
    ),
}


@pytest.fixture(scope="session")
def role(pipeline: Template) -> Resource:
    return pipeline.only("aws_iam_role", {"name": "lambda-transaction-processor-role-dev"})


@pytest.fixture(scope="session")
def role_policy(pipeline: Template, role: Resource) -> Resource:
    return pipeline.only("aws_iam_role_policy", {"role": attribute(role.address, "name")})


@pytest.fixture(scope="session")
def policy(pipeline: Template, role_policy: Resource) -> Policy:
    return policy_of(pipeline, role_policy)


@pytest.fixture(scope="session")
def statements(role_policy: Resource) -> dict[str, dict[str, Any]]:
    return role_policy.statements()


def test_only_lambda_assumes_the_role_without_a_condition(role: Resource) -> None:
    """A condition on the source can make the creation of a function in a new VPC fail."""
    assert role.decoded("assume_role_policy") == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
            }
        ],
    }


@pytest.mark.parametrize("purpose", NEEDED)
def test_role_lets(policy: Policy, purpose: str) -> None:
    action, resource, context = NEEDED[purpose]

    assert role_allows(policy, action, resource, context)


@pytest.mark.parametrize("purpose", FORBIDDEN)
def test_role_does_not_let_the_function(policy: Policy, purpose: str) -> None:
    action, resource, context = FORBIDDEN[purpose]

    assert not role_allows(policy, action, resource, context)


@pytest.mark.parametrize("source", [FUNCTION, f"{FUNCTION}:7", f"{FUNCTION}:live-dev"])
@pytest.mark.parametrize("purpose", [purpose for purpose, (action, *_) in NEEDED.items() if action.startswith("ec2:")])
def test_code_of_the_function_cannot_use_network_interfaces(policy: Policy, purpose: str, source: str) -> None:
    """Lambda sends no source function. Requests of the function's own code have it."""
    action, resource, _ = NEEDED[purpose]

    assert not role_allows(policy, action, resource, {"lambda:SourceFunctionArn": source})


def test_role_allows_no_action_without_a_purpose(statements: dict[str, dict[str, Any]]) -> None:
    allowed = {action for each in statements.values() if each["Effect"] == "Allow" for action in each["Action"]}

    assert allowed == {action for action, *_ in NEEDED.values()}


def test_actions_have_no_wildcard(statements: dict[str, dict[str, Any]]) -> None:
    assert [action for each in statements.values() for action in each["Action"] if "*" in action] == []


def test_resources_are_arns_except_for_network_interfaces(statements: dict[str, dict[str, Any]]) -> None:
    """The actions on network interfaces do not all support resource-level permissions."""
    unrestricted = {
        action.partition(":")[0] for each in statements.values() if "*" in each["Resource"] for action in each["Action"]
    }

    assert unrestricted == {"ec2"}


def test_role_depends_on_no_resource_but_the_key(pipeline: Template, role: Resource, role_policy: Resource) -> None:
    found = {address for address in pipeline.dependencies(role_policy) if not address.startswith("data.")}

    assert found == {role.address, pipeline.only("aws_kms_key").address}


def test_no_managed_policy_is_attached(any_pipeline: Template) -> None:
    any_pipeline.lacks("aws_iam_role_policy_attachment")
    any_pipeline.lacks("aws_iam_policy*")


def test_role_keeps_its_policy_until_it_has_the_renamed_one(any_pipeline: Template) -> None:
    any_pipeline.every("aws_iam_role_policy", {"lifecycle": {"create_before_destroy": True}})


def test_roles_have_no_boundary_by_default(any_pipeline: Template) -> None:
    any_pipeline.every("aws_iam_role", {"permissions_boundary": ABSENT})


def test_boundary_of_every_role_is_a_setting(in_test_run: Template) -> None:
    account = f"${{{in_test_run.only('data.aws_caller_identity').address}.account_id}}"
    partition = f"${{{in_test_run.only('data.aws_partition').address}.partition}}"

    in_test_run.every(
        "aws_iam_role", {"permissions_boundary": f"arn:{partition}:iam::{account}:policy/boundary-of-the-team"}
    )
