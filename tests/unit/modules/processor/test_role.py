"""What the function may do."""

import json
from typing import Any

import pytest

from terraform_harness.template import ABSENT, Resource, Template, attribute

INTERFACE_ACTIONS = [
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
]


@pytest.fixture(scope="session")
def role(pipeline: Template) -> Resource:
    return pipeline.only("aws_iam_role", {"name": "lambda-transaction-processor-role-dev"})


@pytest.fixture(scope="session")
def statements(pipeline: Template, role: Resource) -> dict[str, dict[str, Any]]:
    return pipeline.only("aws_iam_role_policy", {"role": attribute(role.address, "name")}).statements()


@pytest.fixture(scope="session")
def words(pipeline: Template) -> dict[str, str]:
    return {
        "ACCOUNT": f"${{{pipeline.only('data.aws_caller_identity').address}.account_id}}",
        "REGION": f"${{{pipeline.only('data.aws_region').address}.name}}",
        "PARTITION": f"${{{pipeline.only('data.aws_partition').address}.partition}}",
        "KEY": f"${{{pipeline.only('aws_kms_key').address}.arn}}",
    }


def test_only_lambda_of_this_account_assumes_the_role(role: Resource, words: dict[str, str]) -> None:
    assert role.decoded("assume_role_policy")["Statement"] == [
        {
            "Effect": "Allow",
            "Action": "sts:AssumeRole",
            "Principal": {"Service": "lambda.amazonaws.com"},
            "Condition": {"StringEquals": {"aws:SourceAccount": words["ACCOUNT"]}},
        }
    ]


@pytest.mark.parametrize(
    ("sid", "statement"),
    [
        pytest.param(
            "PollTheStream",
            {
                "Action": [
                    "kinesis:DescribeStream",
                    "kinesis:DescribeStreamSummary",
                    "kinesis:GetRecords",
                    "kinesis:GetShardIterator",
                    "kinesis:ListShards",
                ],
                "Resource": ["arn:PARTITION:kinesis:REGION:ACCOUNT:stream/transaction-stream-dev"],
            },
            id="it reads our stream",
        ),
        pytest.param(
            "DecryptTheStream",
            {
                "Action": ["kms:Decrypt"],
                "Resource": ["KEY"],
                "Condition": {
                    "StringEquals": {
                        "kms:EncryptionContext:aws:kinesis:arn": (
                            "arn:PARTITION:kinesis:REGION:ACCOUNT:stream/transaction-stream-dev"
                        )
                    }
                },
            },
            id="it decrypts our stream's records",
        ),
        pytest.param(
            "WriteTheLedger",
            {
                "Action": ["dynamodb:BatchGetItem", "dynamodb:PartiQLInsert"],
                "Resource": ["arn:PARTITION:dynamodb:REGION:ACCOUNT:table/transactions-dev"],
            },
            id="it inserts into the ledger and reads what is there",
        ),
        pytest.param(
            "UseTheKeyForTheLedger",
            {
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"],
                "Resource": ["KEY"],
                "Condition": {"StringEquals": {"kms:ViaService": "dynamodb.REGION.amazonaws.com"}},
            },
            id="it uses the key through DynamoDB",
        ),
        pytest.param(
            "PutIntoQuarantine",
            {
                "Action": ["s3:PutObject"],
                "Resource": [
                    "arn:PARTITION:s3:::transaction-quarantine-dev-ACCOUNT/rejected/*",
                    "arn:PARTITION:s3:::transaction-quarantine-dev-ACCOUNT/aws/lambda/*",
                ],
                "Condition": {"StringEquals": {"s3:ResourceAccount": "ACCOUNT"}},
            },
            id="it puts into quarantine, as long as the bucket is ours",
        ),
        pytest.param(
            "FindTheQuarantine",
            {
                "Action": ["s3:ListBucket"],
                "Resource": ["arn:PARTITION:s3:::transaction-quarantine-dev-ACCOUNT"],
                "Condition": {"StringEquals": {"s3:ResourceAccount": "ACCOUNT"}},
            },
            id="its mapping finds the bucket",
        ),
        pytest.param(
            "UseTheKeyForQuarantine",
            {
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": ["KEY"],
                "Condition": {"StringEquals": {"kms:ViaService": "s3.REGION.amazonaws.com"}},
            },
            id="it uses the key through S3",
        ),
        pytest.param(
            "WriteLogs",
            {
                "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
                "Resource": ["arn:PARTITION:logs:REGION:ACCOUNT:log-group:/aws/lambda/transaction-processor-dev:*"],
            },
            id="it writes to its log group",
        ),
        pytest.param(
            "UseTheKeyForLogs",
            {
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"],
                "Resource": ["KEY"],
                "Condition": {"StringEquals": {"kms:ViaService": "logs.REGION.amazonaws.com"}},
            },
            id="it uses the key through CloudWatch Logs",
        ),
        pytest.param(
            "LambdaConnectsToTheVpc",
            {"Action": INTERFACE_ACTIONS, "Resource": ["*"]},
            id="Lambda connects it to the VPC for it",
        ),
    ],
)
def test_the_role_allows(
    statements: dict[str, dict[str, Any]], words: dict[str, str], sid: str, statement: dict[str, Any]
) -> None:
    text = json.dumps({"Sid": sid, "Effect": "Allow", **statement})
    for word, reference in words.items():
        text = text.replace(word, reference)

    assert statements[sid] == json.loads(text)


def test_the_functions_own_code_is_denied_the_network_interfaces(
    statements: dict[str, dict[str, Any]], words: dict[str, str]
) -> None:
    deny = statements["CodeMayNotTouchInterfaces"]

    assert (deny["Effect"], deny["Action"], deny["Resource"]) == ("Deny", INTERFACE_ACTIONS, ["*"])
    assert deny["Condition"] == {
        "ArnEquals": {
            "lambda:SourceFunctionArn": (
                "arn:{PARTITION}:lambda:{REGION}:{ACCOUNT}:function:transaction-processor-dev".format(**words)
            )
        }
    }


def test_the_role_has_no_other_statement(statements: dict[str, dict[str, Any]]) -> None:
    assert len(statements) == 11


def test_no_action_of_the_role_has_a_wildcard(statements: dict[str, dict[str, Any]]) -> None:
    assert [action for each in statements.values() for action in each["Action"] if "*" in action] == []


def test_the_role_waits_for_no_resource_but_the_key(pipeline: Template, role: Resource) -> None:
    policy = pipeline.only("aws_iam_role_policy", {"role": attribute(role.address, "name")})

    found = {address for address in pipeline.dependencies(policy) if not address.startswith("data.")}

    assert found == {role.address, pipeline.only("aws_kms_key").address}


def test_no_managed_policy_is_attached(any_pipeline: Template) -> None:
    any_pipeline.lacks("aws_iam_role_policy_attachment")
    any_pipeline.lacks("aws_iam_policy*")


def test_no_role_has_a_boundary_unless_one_is_set(any_pipeline: Template) -> None:
    any_pipeline.every("aws_iam_role", {"permissions_boundary": ABSENT})


def test_every_role_has_the_boundary_that_is_set(in_test_run: Template) -> None:
    account = f"${{{in_test_run.only('data.aws_caller_identity').address}.account_id}}"
    partition = f"${{{in_test_run.only('data.aws_partition').address}.partition}}"

    in_test_run.every(
        "aws_iam_role", {"permissions_boundary": f"arn:{partition}:iam::{account}:policy/boundary-of-the-team"}
    )
