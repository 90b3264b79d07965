"""The differences between LocalStack and AWS in docs/parity.md: a test fails when its difference no longer exists."""

import json
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from embedded_localstack import LocalStack
from embedded_localstack.parity import DIFFERENCES
from localstack_support.functions import Functions
from localstack_support.pipeline import create_stream
from localstack_support.polling import eventually

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef
    from mypy_boto3_dynamodb.type_defs import BatchStatementRequestTypeDef, WriteRequestTypeDef
    from mypy_boto3_ec2.type_defs import IpPermissionTypeDef
    from mypy_boto3_kinesis.type_defs import PutRecordsOutputTypeDef

_MISSING_ROLE = "arn:aws:iam::000000000000:role/does-not-exist"
_FAILS_ON_BAD = """
import base64

def handle(event, context):
    for record in event["Records"]:
        assert base64.b64decode(record["kinesis"]["data"]) != b"bad"
"""


@pytest.fixture
def table(localstack: LocalStack, name: str) -> str:
    localstack.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    return name


@pytest.fixture
def stream_arn(localstack: LocalStack, name: str) -> str:
    return create_stream(localstack, name, shards=2)


@pytest.fixture
def put(localstack: LocalStack, name: str) -> "Callable[..., PutRecordsOutputTypeDef]":
    def records(*data: bytes) -> "PutRecordsOutputTypeDef":
        return localstack.client("kinesis").put_records(
            StreamName=name, Records=[{"Data": each, "PartitionKey": "same"} for each in data]
        )

    return records


@pytest.fixture(scope="module")
def alarm_states(localstack: LocalStack) -> Iterator[dict[str, str]]:
    cloudwatch = localstack.client("cloudwatch")
    prefix = f"parity-{uuid.uuid4().hex[:8]}"
    usual: dict[str, Any] = {
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",
    }
    metric: Any = {"Namespace": "Parity", "MetricName": prefix}
    cloudwatch.put_metric_alarm(AlarmName=f"{prefix}-sum", **usual, **metric, Period=10, Statistic="Sum")
    cloudwatch.put_metric_alarm(AlarmName=f"{prefix}-p99", **usual, **metric, Period=10, ExtendedStatistic="p99")
    math: list[MetricDataQueryTypeDef] = [
        {"Id": "m", "MetricStat": {"Metric": metric, "Period": 10, "Stat": "Sum"}, "ReturnData": False},
        {"Id": "double", "Expression": "m * 2", "ReturnData": True},
    ]
    cloudwatch.put_metric_alarm(AlarmName=f"{prefix}-math", **usual, Metrics=math)
    cloudwatch.put_composite_alarm(AlarmName=f"{prefix}-any", AlarmRule=f"ALARM({prefix}-sum)")

    def states() -> dict[str, str]:
        response = cloudwatch.describe_alarms(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        alarms = [*response["MetricAlarms"], *response["CompositeAlarms"]]
        return {str(alarm["AlarmName"]).rpartition("-")[2]: str(alarm["StateValue"]) for alarm in alarms}

    def states_after_a_value() -> dict[str, str]:
        cloudwatch.put_metric_data(Namespace="Parity", MetricData=[{"MetricName": prefix, "Value": 5}])
        return states()

    eventually(
        states_after_a_value,
        until=lambda found: found["sum"] == "ALARM",
        what="the plain alarm goes to ALARM",
        within=60,
    )
    # On AWS the other alarms would follow within another period.
    time.sleep(12)
    yield states()
    cloudwatch.delete_alarms(AlarmNames=[f"{prefix}-any"])
    cloudwatch.delete_alarms(AlarmNames=[f"{prefix}-{kind}" for kind in ("sum", "p99", "math")])


@pytest.mark.parity("function-key")
def test_key_of_a_function_is_not_returned(localstack: LocalStack, functions: Functions) -> None:
    key = localstack.client("kms").create_key()["KeyMetadata"]["Arn"]

    function = functions.create("def handle(event, context): ...", KMSKeyArn=key)

    assert "KMSKeyArn" not in localstack.client("lambda").get_function_configuration(FunctionName=function)


@pytest.mark.parity("alarm-tags")
def test_tags_of_a_new_alarm_are_ignored(localstack: LocalStack, name: str) -> None:
    cloudwatch = localstack.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=name,
        Namespace="Parity",
        MetricName="any",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Tags=[{"Key": "Owner", "Value": "me"}],
    )
    arn = cloudwatch.describe_alarms(AlarmNames=[name])["MetricAlarms"][0]["AlarmArn"]

    tags = cloudwatch.list_tags_for_resource(ResourceARN=arn)["Tags"]

    assert tags == []


@pytest.mark.parity("stream-tags")
@pytest.mark.usefixtures("stream_arn")
def test_tags_of_a_new_stream_are_ignored(localstack: LocalStack, name: str) -> None:
    tags = localstack.client("kinesis").list_tags_for_stream(StreamName=name)["Tags"]

    assert tags == []


@pytest.mark.parity("endpoint-policy-version")
def test_endpoint_policy_is_returned_without_its_version(localstack: LocalStack) -> None:
    ec2 = localstack.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    policy = {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}],
    }

    endpoint = ec2.create_vpc_endpoint(
        VpcId=vpc, ServiceName="com.amazonaws.us-east-1.s3", PolicyDocument=json.dumps(policy)
    )["VpcEndpoint"]["VpcEndpointId"]

    described = ec2.describe_vpc_endpoints(VpcEndpointIds=[endpoint])["VpcEndpoints"][0]
    assert "Version" not in json.loads(described["PolicyDocument"])


@pytest.mark.parity("rule-description")
def test_description_of_a_rule_for_a_group_is_not_returned(localstack: LocalStack, name: str) -> None:
    ec2 = localstack.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName=name, Description="any", VpcId=vpc)["GroupId"]
    permission: IpPermissionTypeDef = {
        "IpProtocol": "tcp",
        "FromPort": 443,
        "ToPort": 443,
        "UserIdGroupPairs": [{"GroupId": group, "Description": "within the group"}],
    }

    (rule,) = ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])["SecurityGroupRules"]

    described = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    assert "within the group" not in json.dumps(described["SecurityGroupRules"])


@pytest.mark.parity("service-metrics")
@pytest.mark.usefixtures("table", "stream_arn")
@pytest.mark.parametrize("namespace", ["AWS/DynamoDB", "AWS/Kinesis"])
def test_dynamodb_and_kinesis_do_not_publish_metrics(
    localstack: LocalStack, put: "Callable[..., PutRecordsOutputTypeDef]", name: str, namespace: str
) -> None:
    localstack.client("dynamodb").put_item(TableName=name, Item={"id": {"S": "any"}})
    put(b"any")

    metrics = localstack.client("cloudwatch").list_metrics(Namespace=namespace)["Metrics"]

    assert metrics == []


@pytest.mark.parity("lambda-metrics")
def test_lambda_publishes_invocations_and_errors_only(localstack: LocalStack, functions: Functions) -> None:
    function = functions.create("def handle(event, context):\n    return 1 / event\n")
    functions.invoke(function, 0)

    def published() -> set[str]:
        metrics = localstack.client("cloudwatch").list_metrics(
            Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": function}]
        )["Metrics"]
        return {metric["MetricName"] for metric in metrics}

    found = eventually(
        published, until=lambda names: "Errors" in names, what="the metric Errors is published", within=10
    )
    assert found <= {"Errors", "Invocations"}


@pytest.mark.parity("metric-math")
@pytest.mark.parametrize("kind", ["math", "p99"])
def test_alarms_on_metric_math_and_percentiles_are_not_evaluated(alarm_states: dict[str, str], kind: str) -> None:
    assert alarm_states["sum"] == "ALARM"
    assert alarm_states[kind] == "INSUFFICIENT_DATA"


@pytest.mark.parity("composite-alarm")
def test_composite_alarm_does_not_follow_its_child(alarm_states: dict[str, str]) -> None:
    assert alarm_states["sum"] == "ALARM"
    assert alarm_states["any"] != "ALARM"


@pytest.mark.parity("role-policy")
def test_permissions_of_a_role_are_not_enforced(table: str, functions: Functions) -> None:
    function = functions.create(
        """
        import boto3

        def handle(event, context):
            boto3.client("dynamodb").put_item(TableName=event, Item={"id": {"S": "any"}})
            return "allowed"
        """,
        Role=_MISSING_ROLE,
        MemorySize=512,
        Timeout=20,
    )

    response = functions.invoke(function, table)

    assert response.payload == "allowed"


@pytest.mark.parity("key-policy")
def test_key_policies_are_not_enforced(localstack: LocalStack) -> None:
    kms = localstack.client("kms")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    key = kms.create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["KeyId"]

    response = kms.encrypt(KeyId=key, Plaintext=b"secret")

    assert response["CiphertextBlob"]


@pytest.mark.parity("bucket-policy")
def test_bucket_policies_are_not_enforced(localstack: LocalStack, name: str) -> None:
    s3 = localstack.client("s3")
    s3.create_bucket(Bucket=name)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    response = s3.put_object(Bucket=name, Key="any", Body=b"over plain HTTP")

    assert response["ResponseMetadata"]["HTTPStatusCode"] == 200


@pytest.mark.parity("network")
def test_function_in_a_closed_network_reaches_every_address(
    localstack: LocalStack, functions: Functions, name: str
) -> None:
    ec2 = localstack.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName=name, Description="any", VpcId=vpc)["GroupId"]
    egress = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=egress)
    function = functions.create(
        """
        import boto3

        def handle(event, context):
            return boto3.client("sts").get_caller_identity()["Account"]
        """,
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]},
        MemorySize=256,
        Timeout=20,
    )

    response = functions.invoke(function)

    assert response.payload == "000000000000"


@pytest.mark.parity("file-system")
def test_function_can_write_beside_its_code(functions: Functions) -> None:
    function = functions.create(
        """
        import os
        import pathlib

        def handle(event, context):
            pathlib.Path(os.environ["LAMBDA_TASK_ROOT"], "written").touch()
            return "written"
        """
    )

    response = functions.invoke(function)

    assert response.payload == "written"


@pytest.mark.parity("log-timestamps")
def test_all_lines_of_an_invocation_have_one_timestamp(localstack: LocalStack, functions: Functions) -> None:
    logs = localstack.client("logs")
    function = functions.create(
        """
        import time

        def handle(event, context):
            print("one")
            time.sleep(0.5)
            print("two")
        """
    )
    functions.invoke(function)

    functions.log(function, invocations=1)
    events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
    timestamps = [event["timestamp"] for event in events]
    assert max(timestamps) - min(timestamps) < 100


@pytest.fixture
def logged_as_json(localstack: LocalStack, functions: Functions, name: str) -> list[str]:
    localstack.client("logs").create_log_group(logGroupName=name)
    function = functions.create(
        "import logging\n\ndef handle(event, context):\n    logging.getLogger().error('hello')\n",
        LoggingConfig={"LogFormat": "JSON", "LogGroup": name},
    )
    functions.invoke(function)

    return functions.log(function, invocations=1)


@pytest.mark.parity("json-log-format")
def test_platform_lines_are_text_in_a_json_log(logged_as_json: list[str]) -> None:
    start, line, _, report = logged_as_json

    assert start.startswith("START RequestId: ")
    assert json.loads(line)["message"] == "hello"
    assert report.startswith("REPORT RequestId: ")


@pytest.mark.parity("log-group")
def test_configured_log_group_is_not_used(localstack: LocalStack, logged_as_json: list[str], name: str) -> None:
    configured = localstack.client("logs").filter_log_events(logGroupName=name)["events"]

    assert (len(logged_as_json), configured) == (4, [])


@pytest.mark.parity("bisect")
def test_failed_batch_is_not_bisected(
    localstack: LocalStack,
    stream_arn: str,
    put: "Callable[..., PutRecordsOutputTypeDef]",
    functions: Functions,
    name: str,
) -> None:
    sqs = localstack.client("sqs")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    put(b"good", b"bad", b"good")
    localstack.client("lambda").create_event_source_mapping(
        FunctionName=functions.create(_FAILS_ON_BAD),
        EventSourceArn=stream_arn,
        StartingPosition="TRIM_HORIZON",
        BisectBatchOnFunctionError=True,
        MaximumRetryAttempts=2,
        DestinationConfig={"OnFailure": {"Destination": queue_arn}},
    )

    messages = eventually(
        lambda: sqs.receive_message(QueueUrl=queue).get("Messages", []),
        until=bool,
        what="the failed batch is in the queue",
        within=30,
    )

    assert json.loads(messages[0]["Body"])["KinesisBatchInfo"]["batchSize"] == 3


@pytest.mark.parity("parallel-shards")
def test_shards_are_processed_one_after_the_other(
    localstack: LocalStack, stream_arn: str, name: str, functions: Functions
) -> None:
    kinesis = localstack.client("kinesis")
    shards = kinesis.list_shards(StreamName=name)["Shards"]
    for shard in shards:
        kinesis.put_record(
            StreamName=name,
            Data=b"any",
            PartitionKey="any",
            ExplicitHashKey=shard["HashKeyRange"]["StartingHashKey"],
        )
    function = functions.create(
        "import time\n\ndef handle(event, context):\n    print('at', time.time())\n    time.sleep(1.5)\n"
    )
    localstack.client("lambda").create_event_source_mapping(
        FunctionName=function, EventSourceArn=stream_arn, StartingPosition="TRIM_HORIZON", ParallelizationFactor=2
    )

    lines = eventually(
        lambda: [line for line in functions.log_lines(function) if line.startswith("at ")],
        until=lambda found: len(found) == 2,
        what="both shards have been processed",
        within=30,
    )
    first, second = (float(line.split()[1]) for line in lines)
    assert second - first > 1.5


@pytest.mark.parity("shard-limit")
@pytest.mark.usefixtures("stream_arn")
def test_shard_accepts_more_than_its_limit(put: "Callable[..., PutRecordsOutputTypeDef]") -> None:
    failures = [put(*[b"x"] * 500)["FailedRecordCount"] for _ in range(3)]

    assert failures == [0, 0, 0]


@pytest.mark.parity("table-capacity")
def test_table_accepts_more_than_its_capacity(localstack: LocalStack, table: str) -> None:
    dynamodb = localstack.client("dynamodb")
    items: list[WriteRequestTypeDef] = [
        {"PutRequest": {"Item": {"id": {"S": str(number)}, "x": {"S": "x" * 900}}}} for number in range(500)
    ]

    unprocessed = [
        dynamodb.batch_write_item(RequestItems={table: items[first : first + 25]})["UnprocessedItems"]
        for first in range(0, 500, 25)
    ]

    assert unprocessed == [{}] * 20


@pytest.mark.parity("duplicate-item")
def test_duplicate_statement_does_not_return_the_existing_item(localstack: LocalStack, table: str) -> None:
    statement: BatchStatementRequestTypeDef = {
        "Statement": f"INSERT INTO \"{table}\" VALUE {{'id': 'any'}}",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    dynamodb = localstack.client("dynamodb")
    dynamodb.batch_execute_statement(Statements=[statement])

    (response,) = dynamodb.batch_execute_statement(Statements=[statement])["Responses"]

    assert response["Error"]["Code"] == "DuplicateItem"
    assert "Item" not in response["Error"]


def test_each_difference_of_the_page_has_one_test(request: pytest.FixtureRequest) -> None:
    marks = [mark for test in vars(request.module).values() for mark in getattr(test, "pytestmark", [])]

    tested = Counter(mark.args[0] for mark in marks if mark.name == "parity")

    assert tested == Counter(difference.name for difference in DIFFERENCES)
