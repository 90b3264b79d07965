"""The function's role allows each call that the function makes, and beyond that only what Lambda itself needs."""

import base64
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from harness.deployment import Deployment

# Runs the deployed bundle's handler on one batch and writes down each call that it makes.
RECORDER = """
import json, sys
import boto3
from types import SimpleNamespace

bundle, event = sys.argv[1:]
sys.path.insert(0, bundle)
from transaction_processor.handler import handle

calls = []
boto3.setup_default_session()
boto3.DEFAULT_SESSION.events.register(
    "provide-client-params.*.*", lambda params, model, **_: calls.append((model.name, params))
)
context = SimpleNamespace(
    aws_request_id="recorded", function_name="recorded", get_remaining_time_in_millis=lambda: 60_000
)
handle(json.loads(event), context)
print("CALLS " + json.dumps(calls, default=str))
"""

# What Lambda does with the role on the function's behalf, and the page below docs.aws.amazon.com/lambda/latest/dg/
# (or of the service concerned) that says so.
_VPC_PAGE = "lambda/latest/dg/configuration-vpc.html"
_KINESIS_PAGE = "lambda/latest/dg/services-kinesis-create.html"
NEEDED_BY_LAMBDA = {
    "ec2:AssignPrivateIpAddresses": _VPC_PAGE,
    "ec2:CreateNetworkInterface": _VPC_PAGE,
    "ec2:DeleteNetworkInterface": _VPC_PAGE,
    "ec2:DescribeNetworkInterfaces": _VPC_PAGE,
    "ec2:DescribeSubnets": _VPC_PAGE,
    "ec2:UnassignPrivateIpAddresses": _VPC_PAGE,
    "kinesis:DescribeStream": _KINESIS_PAGE,
    "kinesis:DescribeStreamSummary": _KINESIS_PAGE,
    "kinesis:GetRecords": _KINESIS_PAGE,
    "kinesis:GetShardIterator": _KINESIS_PAGE,
    "kinesis:ListShards": _KINESIS_PAGE,
    "kms:Decrypt": "streams/latest/dev/permissions-user-key-KMS.html",
    "kms:DescribeKey": "amazondynamodb/latest/developerguide/encryption.usagenotes.html",
    "kms:Encrypt": "amazondynamodb/latest/developerguide/encryption.usagenotes.html",
    "kms:GenerateDataKey": "AmazonS3/latest/userguide/UsingKMSEncryption.html",
    "logs:CreateLogStream": "lambda/latest/dg/monitoring-cloudwatchlogs.html",
    "logs:PutLogEvents": "lambda/latest/dg/monitoring-cloudwatchlogs.html",
    "s3:ListBucket": "lambda/latest/dg/kinesis-on-failure-destination.html",
}


@pytest.fixture(scope="module")
def statements(deployment: Deployment) -> list[dict[str, Any]]:
    role = f"lambda-transaction-processor-role-{deployment.run.suffix}"
    answer = deployment.target.client("iam").get_role_policy(RoleName=role, PolicyName="permissions")
    found: list[dict[str, Any]] = answer["PolicyDocument"]["Statement"]
    return found


@pytest.fixture(scope="module")
def calls(deployment: Deployment, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, dict[str, Any]]]:
    """What the handler calls for a new transaction, a repeat, a conflict and a record that is no transaction."""
    known = transaction(uuid4().hex, "1")
    event = batch(known, known, {**known, "amount": "2"}, "no transaction")
    (bundle,) = Path(deployment.run.folder).rglob("function.zip")
    function = deployment.target.client("lambda").get_function_configuration(
        FunctionName=deployment.output("lambda_function_name")
    )
    ended = subprocess.run(
        [sys.executable, "-c", RECORDER, str(bundle), json.dumps(event)],
        env={**os.environ, **deployment.target.environment, **function["Environment"]["Variables"]},
        cwd=tmp_path_factory.mktemp("recorder"),
        capture_output=True,
        text=True,
        check=True,
    )
    (line,) = re.findall(r"^CALLS (.*)$", ended.stdout, re.MULTILINE)
    found: list[tuple[str, dict[str, Any]]] = json.loads(line)
    return found


def test_the_role_allows_each_call_that_the_function_makes(
    deployment: Deployment, calls: list[tuple[str, dict[str, Any]]], statements: list[dict[str, Any]]
) -> None:
    table = deployment.output("dynamodb_table_arn")

    asked = {one for operation, parameters in calls for one in permissions(operation, parameters, table)}

    assert {action for action, _ in asked} == {"dynamodb:BatchGetItem", "dynamodb:PartiQLInsert", "s3:PutObject"}
    assert [one for one in sorted(asked) if not allowed(one, statements)] == []


def test_the_role_grants_nothing_else_but_what_lambda_itself_needs(
    deployment: Deployment, calls: list[tuple[str, dict[str, Any]]], statements: list[dict[str, Any]]
) -> None:
    table = deployment.output("dynamodb_table_arn")
    used = {action for operation, parameters in calls for action, _ in permissions(operation, parameters, table)}

    granted = {action for each in statements if each["Effect"] == "Allow" for action in each["Action"]}

    assert granted - used == set(NEEDED_BY_LAMBDA)


def permissions(operation: str, parameters: dict[str, Any], table: str) -> Iterator[tuple[str, str]]:
    """Yield the actions and resources by which AWS decides about a call."""
    arn, _, name = table.partition("/")
    match operation:
        case "BatchExecuteStatement":
            for statement in parameters["Statements"]:
                inserted = re.match(r'INSERT INTO "([^"]+)" VALUE', statement["Statement"])
                assert inserted, statement
                yield "dynamodb:PartiQLInsert", f"{arn}/{inserted[1]}"
        case "BatchGetItem":
            for name in parameters["RequestItems"]:
                yield "dynamodb:BatchGetItem", f"{arn}/{name}"
        case "PutObject":
            yield "s3:PutObject", f"arn:aws:s3:::{parameters['Bucket']}/{parameters['Key']}"
        case _:
            pytest.fail(f"The function calls {operation}, of which this test does not know the permission.")


def allowed(asked: tuple[str, str], statements: list[dict[str, Any]]) -> bool:
    action, resource = asked
    return any(
        statement["Effect"] == "Allow"
        and action in statement["Action"]
        and any(fnmatchcase(resource, pattern) for pattern in statement["Resource"])
        for statement in statements
    )


def transaction(id_: str, amount: str) -> dict[str, str | int]:
    return {"transactionId": id_, "customerId": "c", "amount": amount, "currency": "EUR", "timestamp": 1}


def batch(*contents: object) -> dict[str, Any]:
    return {"Records": [record(position, content) for position, content in enumerate(contents)]}


def record(position: int, content: object) -> dict[str, Any]:
    sequence_number = f"{uuid4().int:056d}"[:50] + f"{position:06d}"
    return {
        "eventID": f"shardId-000000000000:{sequence_number}",
        "eventName": "aws:kinesis:record",
        "eventSource": "aws:kinesis",
        "eventSourceARN": "arn:aws:kinesis:us-east-1:000000000000:stream/recorded",
        "eventVersion": "1.0",
        "awsRegion": "us-east-1",
        "invokeIdentityArn": "arn:aws:iam::000000000000:role/recorded",
        "kinesis": {
            "kinesisSchemaVersion": "1.0",
            "partitionKey": "c",
            "sequenceNumber": sequence_number,
            "data": base64.b64encode(json.dumps(content).encode()).decode(),
            "approximateArrivalTimestamp": 1.0,
        },
    }
