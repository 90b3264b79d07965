"""The function's role allows every recorded call of the function, and only Lambda's own actions beyond that."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from uuid import uuid4

import pytest

from embedded_localstack import LAMBDA, CallLog, RecordedCall
from iam_policy_evaluator import Effect, Policy, Request, evaluate, parse_policy
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import Bucket, Stream
from tests.integration.budgets import Budgets
from tests.integration.samples import encode, new_transaction
from tests.integration.turns import turn

pytestmark = pytest.mark.localstack(
    "only the embedded LocalStack records the calls of a function; AWS enforces the permissions"
)

# Pages below docs.aws.amazon.com about the actions that Lambda and other services take with the role.
_VPC = "lambda/latest/dg/configuration-vpc.html"
_KINESIS = "lambda/latest/dg/services-kinesis-create.html"
_ON_FAILURE = "lambda/latest/dg/kinesis-on-failure-destination.html"
_ENVIRONMENT_KEY = "lambda/latest/dg/permissions-source-function-arn.html"
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


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """One action on one resource pattern, with the conditions of its Allow statement."""

    action: str
    resource: str
    condition: str = ""


@pytest.fixture(scope="module")
def policy(deployment: Deployment) -> Policy:
    suffix = deployment.run.suffix
    answer = deployment.target.client("iam").get_role_policy(
        RoleName=f"lambda-transaction-processor-role-{suffix}",
        PolicyName=f"lambda-transaction-processor-policy-{suffix}",
    )
    return parse_policy(answer["PolicyDocument"], name=answer["PolicyName"])


@pytest.fixture(scope="module")
def account(deployment: Deployment) -> str:
    return str(deployment.target.client("sts").get_caller_identity()["Account"])


@pytest.fixture(scope="module")
def recorded(
    deployment: Deployment, calls: CallLog, stream: Stream, quarantine: Bucket, budgets: Budgets
) -> Sequence[RecordedCall]:
    """All calls so far, including those for a new transaction, a duplicate, a conflict and an invalid record."""
    transaction, key = new_transaction(), str(uuid4())
    records = (encode(transaction), encode(transaction), encode({**transaction, "amount": "2"}), b"not a transaction")
    # Records with the same key are processed in order.
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
def by_code(deployment: Deployment, recorded: Sequence[RecordedCall], account: str) -> Sequence[Request]:
    """The IAM requests of the function's own code.

    https://docs.aws.amazon.com/lambda/latest/dg/permissions-source-function-arn.html
    """
    context = {"lambda:SourceFunctionArn": deployment.output("lambda_function_arn"), "s3:ResourceAccount": account}
    own = [call for call in recorded if call.caller == call.function]
    return list(requests(own, deployment.output("dynamodb_table_arn"), context))


def test_the_role_allows_every_call_of_the_function(by_code: Sequence[Request], policy: Policy) -> None:
    assert {each.action for each in by_code} == {"dynamodb:BatchGetItem", "dynamodb:PartiQLInsert", "s3:PutObject"}
    assert denials(by_code, policy) == []


def test_the_role_allows_every_call_of_lambda_to_read_the_stream(
    deployment: Deployment, recorded: Sequence[RecordedCall], policy: Policy
) -> None:
    by_lambda = [call for call in recorded if call.caller == LAMBDA]

    found = list(requests(by_lambda, deployment.output("dynamodb_table_arn"), {}))

    assert {each.resource for each in found} == {deployment.output("kinesis_stream_arn")}
    assert denials(found, policy) == []


def test_the_role_grants_only_used_actions_and_those_lambda_needs(
    deployment: Deployment, by_code: Sequence[Request], policy: Policy, account: str
) -> None:
    used = {narrowest(each) for each in by_code}

    assert sorted(grants(policy)) == sorted(used | needed(deployment, account).keys())


def test_the_function_cannot_use_lambdas_interface_actions(deployment: Deployment, policy: Policy) -> None:
    """Lambda needs these actions on every resource, so a Deny keeps the function's own code from them."""
    code = {"lambda:SourceFunctionArn": deployment.output("lambda_function_arn")}

    found = [
        (
            evaluate(Request(action=action), identity=[policy]).allowed,
            evaluate(Request(action=action, context=code), identity=[policy]).allowed,
        )
        for action in INTERFACE_ACTIONS
    ]

    assert found == [(True, False)] * len(INTERFACE_ACTIONS)


def denials(found: Sequence[Request], policy: Policy) -> list[str]:
    """Return the reason of each denied request."""
    decisions = (evaluate(request, identity=[policy]) for request in found)
    return [decision.reason for decision in decisions if not decision.allowed]


def grants(policy: Policy) -> Iterator[Grant]:
    """Yield every grant of the Allow statements."""
    for statement in policy.statements:
        condition = " and ".join(f"{each.key}={' or '.join(each.values)}" for each in statement.conditions)
        if statement.effect is Effect.ALLOW:
            assert statement.actions, statement
            assert statement.resources, statement
            for action, resource in product(statement.actions, statement.resources):
                yield Grant(action=action, resource=resource, condition=condition)


def requests(calls: Sequence[RecordedCall], table: str, context: Mapping[str, str]) -> Iterator[Request]:
    """Yield the IAM request of each call."""
    tables = table.rpartition("/")[0]
    for call in calls:
        match call.service, call.operation, call.resource.partition(" "):
            case "dynamodb", "BatchExecuteStatement", (verb, " ", name):
                yield Request(action=f"dynamodb:PartiQL{verb.title()}", resource=f"{tables}/{name}", context=context)
            case "dynamodb", operation, (name, "", ""):
                yield Request(action=f"dynamodb:{operation}", resource=f"{tables}/{name}", context=context)
            case "s3", operation, (path, "", ""):
                yield Request(action=f"s3:{operation}", resource=f"arn:aws:s3:::{path}", context=context)
            case "kinesis", operation, (arn, "", ""):
                yield Request(action=f"kinesis:{operation}", resource=arn, context=context)
            case _:
                pytest.fail(f"This test does not know the IAM action of {call}. Add a case to requests().")


def narrowest(request: Request) -> Grant:
    """Return the grant for a request of the function: on one table, or on one folder of the account's bucket."""
    if not request.action.startswith("s3:"):
        return Grant(action=request.action, resource=request.resource)
    bucket, folder, *_ = request.resource.split("/")
    condition = f"s3:ResourceAccount={request.context['s3:ResourceAccount']}"
    return Grant(action=request.action, resource=f"{bucket}/{folder}/*", condition=condition)


def needed(deployment: Deployment, account: str) -> Mapping[Grant, str]:
    """Return the grants for Lambda and for the services that the function calls, each with its page."""
    stream, key = deployment.output("kinesis_stream_arn"), deployment.output("kms_key_arn")
    region = stream.split(":")[3]
    bucket = f"arn:aws:s3:::{deployment.output('quarantine_bucket_name')}"
    logs = f"arn:aws:logs:{region}:{account}:log-group:{deployment.output('cloudwatch_log_group_name')}:*"
    function = deployment.output("lambda_function_arn")
    own_environment = f"kms:EncryptionContext:aws:lambda:FunctionArn={function} or {function}:*"
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
        Grant(action="kms:Decrypt", resource=key, condition=own_environment): _ENVIRONMENT_KEY,
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
