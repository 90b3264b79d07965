"""Calls that fail on purpose, in the embedded LocalStack and through the proxy in front of it."""

import json
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from embedded_localstack import Fault, FaultProxy, Faults, Kind, LocalStack
from terraform_harness.polling import eventually

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
def faulty_client(client: Callable[..., Any], faulty_endpoint: str) -> Callable[[str], Any]:
    return partial(client, endpoint_url=faulty_endpoint, config=_NO_RETRIES)


@pytest.fixture
def table(client: Callable[..., Any]) -> Iterator[str]:
    dynamodb = client("dynamodb")
    dynamodb.create_table(
        TableName="faults",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    yield "faults"
    dynamodb.delete_table(TableName="faults")


@pytest.fixture
def putting_function(make_function: Callable[..., str], table: str) -> str:
    return make_function(
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
        pytest.param(Kind.THROTTLE, "ThrottlingException", id="throttled"),
        pytest.param(Kind.ERROR, "InternalServerError", id="failed"),
    ],
)
def test_a_call_that_fails_is_not_carried_out_and_the_next_one_works(
    faults: Faults, faulty_client: Callable[[str], Any], table: str, kind: Kind, code: str
) -> None:
    dynamodb = faulty_client("dynamodb")
    faults.switch_on(Fault(kind=kind, service="dynamodb", operation="PutItem", times=1))

    with pytest.raises(ClientError) as caught:
        dynamodb.put_item(TableName=table, Item={"id": {"S": "lost"}})
    dynamodb.put_item(TableName=table, Item={"id": {"S": "kept"}})

    assert caught.value.response["Error"]["Code"] == code
    assert dynamodb.scan(TableName=table)["Items"] == [{"id": {"S": "kept"}}]
    assert faults.injected == [1]


def test_statements_of_one_batch_are_throttled_one_by_one_and_the_same_ones_every_time(
    faults: Faults, faulty_client: Callable[[str], Any], table: str
) -> None:
    dynamodb = faulty_client("dynamodb")
    fault = Fault(kind=Kind.THROTTLE, service="dynamodb", operation="BatchExecuteStatement", probability=0.3)

    def insert(prefix: str) -> list[bool]:
        faults.switch_on(fault, seed=7)
        statements = [
            {
                "Statement": f"INSERT INTO \"{table}\" VALUE {{'id': ?}}",
                "Parameters": [{"S": f"{prefix}-{number:02}"}],
            }
            for number in range(25)
        ]
        answer = dynamodb.batch_execute_statement(Statements=statements)
        return [response.get("Error", {}).get("Code") == "ThrottlingError" for response in answer["Responses"]]

    first, second = insert("first"), insert("second")

    assert first == second
    assert 3 <= sum(first) <= 12
    stored = {item["id"]["S"] for item in dynamodb.scan(TableName=table)["Items"]}
    assert stored == {
        f"{prefix}-{number:02}" for prefix in ("first", "second") for number in range(25) if not first[number]
    }


def test_records_of_one_put_are_throttled_one_by_one(faults: Faults, faulty_client: Callable[[str], Any]) -> None:
    kinesis = faulty_client("kinesis")
    kinesis.create_stream(StreamName="faults", ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName="faults", WaiterConfig={"Delay": 0.1})
    faults.switch_on(Fault(kind=Kind.THROTTLE, service="kinesis", operation="PutRecords", probability=0.5))

    answer = kinesis.put_records(
        StreamName="faults", Records=[{"Data": b"x", "PartitionKey": str(number)} for number in range(20)]
    )

    failed = [record for record in answer["Records"] if "ErrorCode" in record]
    assert 0 < len(failed) < 20
    assert {record["ErrorCode"] for record in failed} == {"ProvisionedThroughputExceededException"}
    assert answer["FailedRecordCount"] == len(failed)
    kinesis.delete_stream(StreamName="faults")


def test_a_duplicate_is_carried_out_twice(faults: Faults, faulty_client: Callable[[str], Any]) -> None:
    sqs = faulty_client("sqs")
    url = sqs.create_queue(QueueName="faults")["QueueUrl"]
    faults.switch_on(Fault(kind=Kind.DUPLICATE, service="sqs", operation="SendMessage", times=1))

    sqs.send_message(QueueUrl=url, MessageBody="once")

    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])["Attributes"]
    assert attributes == {"ApproximateNumberOfMessages": "2"}
    sqs.delete_queue(QueueUrl=url)


def test_a_slow_call_works_and_one_that_times_out_does_not(
    faults: Faults, faulty_client: Callable[[str], Any], table: str
) -> None:
    dynamodb = faulty_client("dynamodb")
    faults.switch_on(
        Fault(kind=Kind.SLOW, service="dynamodb", operation="PutItem", seconds=0.5, times=1),
        Fault(kind=Kind.TIMEOUT, service="dynamodb", operation="PutItem", seconds=4, times=1),
    )

    dynamodb.put_item(TableName=table, Item={"id": {"S": "slow"}})
    with pytest.raises((BotoCoreError, ClientError)):
        dynamodb.put_item(TableName=table, Item={"id": {"S": "lost"}})

    assert dynamodb.scan(TableName=table)["Items"] == [{"id": {"S": "slow"}}]
    assert faults.injected == [1, 1]


def test_services_of_every_protocol_fail_in_their_own_words(
    faults: Faults, faulty_client: Callable[[str], Any]
) -> None:
    faults.switch_on(*(Fault(kind=Kind.THROTTLE, service=name) for name in ("cloudwatch", "lambda", "s3", "sns")))
    calls: dict[str, Callable[[Any], object]] = {
        "cloudwatch": lambda client: client.list_metrics(),
        "lambda": lambda client: client.list_functions(),
        "s3": lambda client: client.get_object(Bucket="bucket", Key="a/b"),
        "sns": lambda client: client.list_topics(),
    }

    codes = {}
    for service, call in calls.items():
        with pytest.raises(ClientError) as caught:
            call(faulty_client(service))
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
        pytest.param(Kind.CRASH, "Runtime.ExitError", id="a crash"),
        pytest.param(Kind.HANG, "Sandbox.Timedout", id="a timeout"),
    ],
)
def test_a_function_fails_in_the_middle_of_its_work_after_a_call_was_carried_out(
    localstack: LocalStack, putting_function: str, invoke: Callable[..., Any], kind: Kind, error_type: str
) -> None:
    with localstack.faults.during(Fault(kind=kind, service="dynamodb", operation="PutItem", times=1)):
        failed = invoke(putting_function, {"put": ["one", "two"]})
        again = invoke(putting_function, {"put": []})

    assert failed.payload["errorType"] == error_type
    assert again.payload == ["one"]


def test_a_batch_is_delivered_twice(
    localstack: LocalStack, client: Callable[..., Any], build_pipeline: Callable[..., Any]
) -> None:
    pipeline = build_pipeline(client)
    logs = client("logs")

    def starts() -> int:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{pipeline.name}")["events"]
        return sum(event["message"].startswith("START") for event in events)

    with localstack.faults.during(Fault(kind=Kind.DUPLICATE, service="lambda", operation="Invoke", times=1)):
        pipeline.put(["one"])

        eventually(
            starts,
            until=lambda count: count == 2,
            what="the function has been invoked twice",
            within=15,
            transient=(logs.exceptions.ResourceNotFoundException,),
        )

    assert pipeline.stored() == {"one"}


def test_other_calls_do_not_change_the_fate_of_those_concerned(
    faults: Faults, faulty_client: Callable[[str], Any], table: str
) -> None:
    dynamodb = faulty_client("dynamodb")

    def fates(pause: Callable[[], object]) -> list[str]:
        faults.switch_on(Fault(kind=Kind.ERROR, service="dynamodb", operation="GetItem", probability=0.5), seed=3)
        seen = []
        for _ in range(12):
            pause()
            try:
                dynamodb.get_item(TableName=table, Key={"id": {"S": "any"}})
                seen.append("fine")
            except ClientError as error:
                seen.append(error.response["Error"]["Code"])
        return seen

    alone = fates(lambda: None)
    among_others = fates(dynamodb.list_tables)

    assert alone == among_others
    assert json.dumps(alone).count("InternalServerError") in range(2, 11)
