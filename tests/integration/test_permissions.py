"""The function's role allows each call that the function really made, and beyond that only what Lambda itself needs."""

from collections.abc import Iterator, Mapping, Sequence
from uuid import uuid4

import pytest

from embedded_localstack import LAMBDA, Calls, RecordedCall
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import Bucket, Stream
from tests.integration.budgets import Budgets
from tests.integration.policies import Asked, Grant, Statement, allowed, grants
from tests.integration.samples import encode, new_transaction
from tests.integration.turns import turn

pytestmark = pytest.mark.localstack("only the embedded LocalStack tells which calls a function makes; AWS refuses them")

# The pages, below docs.aws.amazon.com, that say what Lambda or another service does with the role.
_VPC = "lambda/latest/dg/configuration-vpc.html"
_KINESIS = "lambda/latest/dg/services-kinesis-create.html"
_ON_FAILURE = "lambda/latest/dg/kinesis-on-failure-destination.html"
_LOGS_KEY = "AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html"
_LOGS = "lambda/latest/dg/monitoring-cloudwatchlogs.html"
_STREAM_KEY = "streams/latest/dev/permissions-user-key-KMS.html"
_TABLE_KEY = "amazondynamodb/latest/developerguide/encryption.usagenotes.html"
_BUCKET_KEY = "AmazonS3/latest/userguide/UsingKMSEncryption.html"

INTERFACE_ACTIONS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeSubnets",
    "ec2:UnassignPrivateIpAddresses",
)


@pytest.fixture(scope="module")
def statements(deployment: Deployment) -> Sequence[Statement]:
    role = f"lambda-transaction-processor-role-{deployment.run.suffix}"
    answer = deployment.target.client("iam").get_role_policy(RoleName=role, PolicyName="permissions")
    found: Sequence[Statement] = answer["PolicyDocument"]["Statement"]
    return found


@pytest.fixture(scope="module")
def account(deployment: Deployment) -> str:
    return str(deployment.target.client("sts").get_caller_identity()["Account"])


@pytest.fixture(scope="module")
def recorded(
    deployment: Deployment, calls: Calls, stream: Stream, quarantine: Bucket, budgets: Budgets
) -> Sequence[RecordedCall]:
    """All calls so far, among them those for a new transaction, a repeat, a conflict and what is no transaction."""
    transaction, key = new_transaction(), str(uuid4())
    records = (encode(transaction), encode(transaction), encode({**transaction, "amount": "2"}), b"no transaction")
    # Of one key, so each is at its place before the next one is looked at.
    with turn(deployment.run):
        *_, conflict, broken = [stream.put(record, key=key) for record in records]
        eventually(
            lambda: [one for one in (conflict, broken) if any(one in key for key in quarantine.keys("rejected/"))],
            until=lambda seen: seen == [conflict, broken],
            what="the last two of four records are in quarantine",
            within=budgets.record,
        )
    function = deployment.output("lambda_function_name")
    return [call for call in calls.recorded() if call.function == function]


@pytest.fixture(scope="module")
def by_code(deployment: Deployment, recorded: Sequence[RecordedCall], account: str) -> Sequence[Asked]:
    """What IAM is asked about the calls of the function's own code.

    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    """
    context = {"lambda:SourceFunctionArn": deployment.output("lambda_function_arn"), "s3:ResourceAccount": account}
    own = [call for call in recorded if call.caller == call.function]
    return list(questions(own, deployment.output("dynamodb_table_arn"), context))


def test_the_role_allows_each_call_that_the_function_made(
    by_code: Sequence[Asked], statements: Sequence[Statement]
) -> None:
    refused = [asked for asked in by_code if not allowed(asked, statements)]

    assert {asked.action for asked in by_code} == {"dynamodb:BatchGetItem", "dynamodb:PartiQLInsert", "s3:PutObject"}
    assert refused == []


def test_the_role_allows_each_call_that_lambda_made_to_read_the_stream(
    deployment: Deployment, recorded: Sequence[RecordedCall], statements: Sequence[Statement]
) -> None:
    by_lambda = [call for call in recorded if call.caller == LAMBDA]

    asked = list(questions(by_lambda, deployment.output("dynamodb_table_arn"), {}))

    assert {one.resource for one in asked} == {deployment.output("kinesis_stream_arn")}
    assert [one for one in asked if not allowed(one, statements)] == []


def test_the_role_grants_nothing_else_but_what_is_needed_on_the_functions_behalf(
    deployment: Deployment, by_code: Sequence[Asked], statements: Sequence[Statement], account: str
) -> None:
    used = {narrowest(asked) for asked in by_code}

    assert sorted(grants(statements)) == sorted(used | needed(deployment, account).keys())


def test_the_functions_own_code_may_not_touch_the_interfaces_that_lambda_makes_for_it(
    deployment: Deployment, statements: Sequence[Statement]
) -> None:
    code = {"lambda:SourceFunctionArn": deployment.output("lambda_function_arn")}

    may = [
        (
            allowed(Asked(action=action, resource="*"), statements),
            allowed(Asked(action=action, resource="*", context=code), statements),
        )
        for action in INTERFACE_ACTIONS
    ]

    assert may == [(True, False)] * len(INTERFACE_ACTIONS)


def questions(calls: Sequence[RecordedCall], table: str, context: Mapping[str, str]) -> Iterator[Asked]:
    """The actions and resources by which IAM decides about the calls."""
    tables = table.rpartition("/")[0]
    for call in calls:
        match call.service, call.operation, call.resource.partition(" "):
            case "dynamodb", "BatchExecuteStatement", (verb, " ", name):
                yield Asked(action=f"dynamodb:PartiQL{verb.title()}", resource=f"{tables}/{name}", context=context)
            case "dynamodb", operation, (name, "", ""):
                yield Asked(action=f"dynamodb:{operation}", resource=f"{tables}/{name}", context=context)
            case "s3", operation, (path, "", ""):
                yield Asked(action=f"s3:{operation}", resource=f"arn:aws:s3:::{path}", context=context)
            case "kinesis", operation, (arn, "", ""):
                yield Asked(action=f"kinesis:{operation}", resource=arn, context=context)
            case _:
                pytest.fail(f"The function makes a call of which this test does not know the permission: {call}")


def narrowest(asked: Asked) -> Grant:
    """The grant that an action of the function's own needs: on one table, or on one folder of its account's bucket."""
    if not asked.action.startswith("s3:"):
        return Grant(action=asked.action, resource=asked.resource)
    bucket, folder, *_ = asked.resource.split("/")
    condition = f"s3:ResourceAccount={asked.context['s3:ResourceAccount']}"
    return Grant(action=asked.action, resource=f"{bucket}/{folder}/*", condition=condition)


def needed(deployment: Deployment, account: str) -> Mapping[Grant, str]:
    """What Lambda, or a service that the function calls, does with the role; each with the page that says so."""
    stream, key = deployment.output("kinesis_stream_arn"), deployment.output("kms_key_arn")
    region = stream.split(":")[3]
    bucket = f"arn:aws:s3:::{deployment.output('quarantine_bucket_name')}"
    logs = f"arn:aws:logs:{region}:{account}:log-group:{deployment.output('cloudwatch_log_group_name')}:*"
    own_bucket = f"s3:ResourceAccount={account}"

    def through(service: str) -> str:
        return f"kms:ViaService={service}.{region}.amazonaws.com"

    return {
        **{Grant(action=action, resource="*"): _VPC for action in INTERFACE_ACTIONS},
        Grant(action="kinesis:DescribeStream", resource=stream): _KINESIS,
        Grant(action="kinesis:DescribeStreamSummary", resource=stream): _KINESIS,
        Grant(action="kinesis:GetRecords", resource=stream): _KINESIS,
        Grant(action="kinesis:GetShardIterator", resource=stream): _KINESIS,
        Grant(action="kinesis:ListShards", resource=stream): _KINESIS,
        Grant(action="kms:Decrypt", resource=key, condition=f"kms:EncryptionContext:aws:kinesis:arn={stream}"): (
            _STREAM_KEY
        ),
        Grant(action="kms:Decrypt", resource=key, condition=through("dynamodb")): _TABLE_KEY,
        Grant(action="kms:DescribeKey", resource=key, condition=through("dynamodb")): _TABLE_KEY,
        Grant(action="kms:Encrypt", resource=key, condition=through("dynamodb")): _TABLE_KEY,
        Grant(action="kms:GenerateDataKey", resource=key, condition=through("dynamodb")): _TABLE_KEY,
        Grant(action="kms:Decrypt", resource=key, condition=through("s3")): _BUCKET_KEY,
        Grant(action="kms:GenerateDataKey", resource=key, condition=through("s3")): _BUCKET_KEY,
        Grant(action="kms:Decrypt", resource=key, condition=through("logs")): _LOGS_KEY,
        Grant(action="kms:DescribeKey", resource=key, condition=through("logs")): _LOGS_KEY,
        Grant(action="kms:GenerateDataKey", resource=key, condition=through("logs")): _LOGS_KEY,
        Grant(action="logs:CreateLogStream", resource=logs): _LOGS,
        Grant(action="logs:PutLogEvents", resource=logs): _LOGS,
        Grant(action="s3:ListBucket", resource=bucket, condition=own_bucket): _ON_FAILURE,
        Grant(action="s3:PutObject", resource=f"{bucket}/aws/lambda/*", condition=own_bucket): _ON_FAILURE,
    }
