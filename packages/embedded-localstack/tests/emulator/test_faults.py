"""Faults in the embedded LocalStack and in the proxy in front of it."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from embedded_localstack import Fault, FaultProxy, Faults, Kind, LocalStack
from localstack_support.functions import Functions
from localstack_support.pipeline import Pipeline, create_stream
from localstack_support.polling import eventually

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import BatchStatementRequestTypeDef

_NO_RETRIES = Config(retries={"max_attempts": 0}, read_timeout=3)


@pytest.fixture(params=["embedded", "proxy"])
def faulty_endpoint(request: pytest.FixtureRequest, localstack: LocalStack) -> Iterator[str]:
    if request.param == "embedded":
        yield localstack.endpoint_url
    else:
        with FaultProxy(localstack.endpoint_url) as proxy:
            yield proxy.endpoint_url


@pytest.fixture
def faults(faulty_endpoint: str) -> Iterator[Faults]:
    faults = Faults(faulty_endpoint)
    yield faults
    faults.switch_off()


@pytest.fixture
def faulty_dynamodb(localstack: LocalStack, faulty_endpoint: str) -> "DynamoDBClient":
    return localstack.client("dynamodb", endpoint_url=faulty_endpoint, config=_NO_RETRIES)


@pytest.fixture
def table(localstack: LocalStack) -> Iterator[str]:
    dynamodb = localstack.client("dynamodb")
    dynamodb.create_table(
        TableName="faults",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield "faults"
    dynamodb.delete_table(TableName="faults")


@pytest.fixture
def putting_function(functions: Functions, table: str) -> str:
    return functions.create(
        """
        import os

        import boto3

        table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

        def handle(event, context):
            for id_ in event["put"]:
                table.put_item(Item={"id": id_})
            return [item["id"] for item in table.scan()["Items"]]
        """,
        Environment={"Variables": {"TABLE": table}},
        Timeout=3,
        MemorySize=512,
    )


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        pytest.param(Kind.THROTTLE, "ThrottlingException", id="throttle"),
        pytest.param(Kind.ERROR, "InternalServerError", id="error"),
    ],
)
def test_failed_call_is_not_executed_and_the_next_one_succeeds(
    faults: Faults, faulty_dynamodb: "DynamoDBClient", table: str, kind: Kind, code: str
) -> None:
    faults.switch_on(Fault(kind=kind, service="dynamodb", operation="PutItem", times=1))

    with pytest.raises(ClientError) as caught:
        faulty_dynamodb.put_item(TableName=table, Item={"id": {"S": "lost"}})
    faulty_dynamodb.put_item(TableName=table, Item={"id": {"S": "kept"}})

    assert caught.value.response["Error"]["Code"] == code
    assert faulty_dynamodb.scan(TableName=table)["Items"] == [{"id": {"S": "kept"}}]
    assert faults.injected == [1]


def test_same_statements_of_a_batch_are_throttled_with_the_same_seed(
    faults: Faults, faulty_dynamodb: "DynamoDBClient", table: str
) -> None:
    fault = Fault(kind=Kind.THROTTLE, service="dynamodb", operation="BatchExecuteStatement", probability=0.3)

    def insert(prefix: str) -> list[bool]:
        faults.switch_on(fault, seed=7)
        statements: list[BatchStatementRequestTypeDef] = [
            {
                "Statement": f"INSERT INTO \"{table}\" VALUE {{'id': ?}}",
                "Parameters": [{"S": f"{prefix}-{number:02}"}],
            }
            for number in range(25)
        ]
        response = faulty_dynamodb.batch_execute_statement(Statements=statements)
        return [response.get("Error", {}).get("Code") == "ThrottlingError" for response in response["Responses"]]

    first, second = insert("first"), insert("second")

    assert first == second
    assert 3 <= sum(first) <= 12
    stored = {item["id"]["S"] for item in faulty_dynamodb.scan(TableName=table)["Items"]}
    assert stored == {
        f"{prefix}-{number:02}" for prefix in ("first", "second") for number in range(25) if not first[number]
    }


def test_records_of_one_put_are_throttled_one_by_one(
    localstack: LocalStack, faults: Faults, faulty_endpoint: str, name: str
) -> None:
    kinesis = localstack.client("kinesis", endpoint_url=faulty_endpoint, config=_NO_RETRIES)
    create_stream(localstack, name)
    faults.switch_on(Fault(kind=Kind.THROTTLE, service="kinesis", operation="PutRecords", probability=0.5))

    response = kinesis.put_records(
        StreamName=name, Records=[{"Data": b"x", "PartitionKey": str(number)} for number in range(20)]
    )

    failed = [record for record in response["Records"] if "ErrorCode" in record]
    assert 0 < len(failed) < 20
    assert {record["ErrorCode"] for record in failed} == {"ProvisionedThroughputExceededException"}
    assert response["FailedRecordCount"] == len(failed)


def test_duplicate_call_is_executed_twice(
    localstack: LocalStack, faults: Faults, faulty_endpoint: str, name: str
) -> None:
    sqs = localstack.client("sqs", endpoint_url=faulty_endpoint, config=_NO_RETRIES)
    url = sqs.create_queue(QueueName=name)["QueueUrl"]
    faults.switch_on(Fault(kind=Kind.DUPLICATE, service="sqs", operation="SendMessage", times=1))

    sqs.send_message(QueueUrl=url, MessageBody="once")

    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert attributes == {"ApproximateNumberOfMessages": "2"}


def test_slow_call_is_executed_and_timed_out_call_is_not(
    faults: Faults, faulty_dynamodb: "DynamoDBClient", table: str
) -> None:
    faults.switch_on(
        Fault(kind=Kind.SLOW, service="dynamodb", operation="PutItem", seconds=0.5, times=1),
        Fault(kind=Kind.TIMEOUT, service="dynamodb", operation="PutItem", seconds=4, times=1),
    )

    faulty_dynamodb.put_item(TableName=table, Item={"id": {"S": "slow"}})
    with pytest.raises((BotoCoreError, ClientError)):
        faulty_dynamodb.put_item(TableName=table, Item={"id": {"S": "lost"}})

    assert faulty_dynamodb.scan(TableName=table)["Items"] == [{"id": {"S": "slow"}}]
    assert faults.injected == [1, 1]


def test_error_code_of_a_throttled_call_is_that_of_the_service(
    localstack: LocalStack, faults: Faults, faulty_endpoint: str
) -> None:
    faults.switch_on(*(Fault(kind=Kind.THROTTLE, service=name) for name in ("cloudwatch", "lambda", "s3", "sns")))
    arguments: dict[str, Any] = {"endpoint_url": faulty_endpoint, "config": _NO_RETRIES}
    calls: dict[str, Callable[[], object]] = {
        "cloudwatch": lambda: localstack.client("cloudwatch", **arguments).list_metrics(),
        "lambda": lambda: localstack.client("lambda", **arguments).list_functions(),
        "s3": lambda: localstack.client("s3", **arguments).get_object(Bucket="bucket", Key="a/b"),
        "sns": lambda: localstack.client("sns", **arguments).list_topics(),
    }

    codes = {}
    for service, call in calls.items():
        with pytest.raises(ClientError) as caught:
            call()
        codes[service] = caught.value.response["Error"]["Code"]

    assert codes == {
        "cloudwatch": "ThrottlingException",
        "lambda": "TooManyRequestsException",
        "s3": "SlowDown",
        "sns": "ThrottlingException",
    }


@pytest.mark.parametrize(
    ("kind", "error_type"),
    [
        pytest.param(Kind.CRASH, "Runtime.ExitError", id="crash"),
        pytest.param(Kind.HANG, "Sandbox.Timedout", id="hang"),
    ],
)
def test_function_fails_after_its_call_was_executed(
    localstack: LocalStack, putting_function: str, functions: Functions, kind: Kind, error_type: str
) -> None:
    with localstack.faults.during(Fault(kind=kind, service="dynamodb", operation="PutItem", times=1)):
        failed = functions.invoke(putting_function, {"put": ["one", "two"]})
        again = functions.invoke(putting_function, {"put": []})

    assert failed.payload["errorType"] == error_type
    assert again.payload == ["one"]


def test_duplicate_invoke_delivers_a_batch_twice(
    localstack: LocalStack, functions: Functions, pipeline: Pipeline
) -> None:
    with localstack.faults.during(Fault(kind=Kind.DUPLICATE, service="lambda", operation="Invoke", times=1)):
        pipeline.put(["one"])

        eventually(
            lambda: [line for line in functions.log_lines(pipeline.function) if line.startswith("START")],
            until=lambda starts: len(starts) == 2,
            what="the function has been invoked twice",
            within=15,
        )

    assert pipeline.stored() == {"one"}


def test_other_calls_do_not_change_the_scheduled_failures(
    faults: Faults, faulty_dynamodb: "DynamoDBClient", table: str
) -> None:

    def outcomes(other_call: Callable[[], object]) -> list[str]:
        faults.switch_on(Fault(kind=Kind.ERROR, service="dynamodb", operation="GetItem", probability=0.5), seed=3)
        seen = []
        for _ in range(12):
            other_call()
            try:
                faulty_dynamodb.get_item(TableName=table, Key={"id": {"S": "any"}})
                seen.append("success")
            except ClientError as error:
                seen.append(error.response["Error"]["Code"])
        return seen

    alone = outcomes(lambda: None)
    among_others = outcomes(faulty_dynamodb.list_tables)

    assert alone == among_others
    assert alone.count("InternalServerError") in range(2, 11)
