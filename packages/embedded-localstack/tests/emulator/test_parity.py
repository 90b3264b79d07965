"""The ways in which LocalStack differs from AWS that a user of this pipeline may meet: each fails when it closes.

The text about each is in harness/localstack/parity.py, by the name of its test.
"""

import json
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from terraform_harness.polling import eventually

_NOBODY = "arn:aws:iam::000000000000:role/does-not-exist"
_FAILS_ON_BAD = """
import base64

def handle(event, context):
    for record in event["Records"]:
        assert base64.b64decode(record["kinesis"]["data"]) != b"bad"
"""


@pytest.fixture
def name() -> str:
    return f"parity-{uuid.uuid4().hex[:8]}"


@pytest.fixture
def table(client: Callable[..., Any], name: str) -> str:
    client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 1},
    )
    return name


@pytest.fixture
def stream_arn(client: Callable[..., Any], name: str) -> str:
    kinesis = client("kinesis")
    kinesis.create_stream(StreamName=name, ShardCount=2, Tags={"Owner": "me"})
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 0.1})
    arn: str = kinesis.describe_stream_summary(StreamName=name)["StreamDescriptionSummary"]["StreamARN"]
    return arn


@pytest.fixture
def put(client: Callable[..., Any], name: str) -> Callable[..., Any]:
    def records(*data: bytes, key: str = "same") -> Any:  # noqa: ANN401 - an answer of boto3
        entries = [{"Data": each, "PartitionKey": key} for each in data]
        return client("kinesis").put_records(StreamName=name, Records=entries)

    return records


@pytest.fixture(scope="module")
def alarm_states(client: Callable[..., Any]) -> Iterator[dict[str, str]]:
    cloudwatch = client("cloudwatch")
    prefix = f"parity-{uuid.uuid4().hex[:8]}"
    usual = {
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "Threshold": 1,
        "EvaluationPeriods": 1,
        "TreatMissingData": "notBreaching",
    }
    metric = {"Namespace": "Parity", "MetricName": prefix}
    cloudwatch.put_metric_alarm(AlarmName=f"{prefix}-sum", **usual, **metric, Period=10, Statistic="Sum")
    cloudwatch.put_metric_alarm(AlarmName=f"{prefix}-p99", **usual, **metric, Period=10, ExtendedStatistic="p99")
    stat = {"Id": "m", "MetricStat": {"Metric": metric, "Period": 10, "Stat": "Sum"}, "ReturnData": False}
    cloudwatch.put_metric_alarm(
        AlarmName=f"{prefix}-math",
        **usual,
        Metrics=[stat, {"Id": "double", "Expression": "m * 2", "ReturnData": True}],
    )
    cloudwatch.put_composite_alarm(AlarmName=f"{prefix}-any", AlarmRule=f"ALARM({prefix}-sum)")

    def states() -> dict[str, str]:
        answer = cloudwatch.describe_alarms(AlarmNamePrefix=prefix, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
        alarms = answer["MetricAlarms"] + answer["CompositeAlarms"]
        return {alarm["AlarmName"].rpartition("-")[2]: alarm["StateValue"] for alarm in alarms}

    def look() -> dict[str, str]:
        cloudwatch.put_metric_data(Namespace="Parity", MetricData=[{"MetricName": prefix, "Value": 5}])
        return states()

    eventually(look, until=lambda found: found["sum"] == "ALARM", what="the plain alarm rings", within=60)
    # As long again as a period, in which the others would have followed on AWS.
    time.sleep(12)
    yield states()
    cloudwatch.delete_alarms(AlarmNames=[f"{prefix}-any"])
    cloudwatch.delete_alarms(AlarmNames=[f"{prefix}-{kind}" for kind in ("sum", "p99", "math")])


def test_the_key_of_a_function_is_not_returned(client: Callable[..., Any], make_function: Callable[..., str]) -> None:
    key = client("kms").create_key()["KeyMetadata"]["Arn"]

    function = make_function("def handle(event, context): ...", KMSKeyArn=key)

    assert "KMSKeyArn" not in client("lambda").get_function_configuration(FunctionName=function)


def test_the_tags_that_an_alarm_was_created_with_are_not_returned(client: Callable[..., Any], name: str) -> None:
    cloudwatch = client("cloudwatch")
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


@pytest.mark.usefixtures("stream_arn")
def test_the_tags_that_a_stream_was_created_with_are_not_returned(client: Callable[..., Any], name: str) -> None:
    tags = client("kinesis").list_tags_for_stream(StreamName=name)["Tags"]

    assert tags == []


def test_an_endpoint_policy_comes_back_without_its_version(client: Callable[..., Any]) -> None:
    ec2 = client("ec2")
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


def test_the_description_of_a_rule_that_names_a_group_is_not_returned(client: Callable[..., Any], name: str) -> None:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    group = ec2.create_security_group(GroupName=name, Description="any", VpcId=vpc)["GroupId"]
    pair = {"GroupId": group, "Description": "within the group"}

    (rule,) = ec2.authorize_security_group_ingress(
        GroupId=group,
        IpPermissions=[{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [pair]}],
    )["SecurityGroupRules"]

    described = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule["SecurityGroupRuleId"]])
    assert "within the group" not in json.dumps(described["SecurityGroupRules"])


@pytest.mark.usefixtures("table", "stream_arn")
@pytest.mark.parametrize("namespace", ["AWS/DynamoDB", "AWS/Kinesis"])
def test_dynamodb_and_kinesis_publish_no_metrics(
    client: Callable[..., Any], put: Callable[..., Any], name: str, namespace: str
) -> None:
    client("dynamodb").put_item(TableName=name, Item={"id": {"S": "any"}})
    put(b"any")

    metrics = client("cloudwatch").list_metrics(Namespace=namespace)["Metrics"]

    assert metrics == []


def test_lambda_publishes_invocations_and_errors_only(
    client: Callable[..., Any], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function("def handle(event, context):\n    return 1 / event\n")
    invoke(function, 0)

    def published() -> set[str]:
        metrics = client("cloudwatch").list_metrics(
            Namespace="AWS/Lambda", Dimensions=[{"Name": "FunctionName", "Value": function}]
        )["Metrics"]
        return {metric["MetricName"] for metric in metrics}

    found = eventually(published, until=lambda names: "Errors" in names, what="an error is counted", within=10)
    assert found <= {"Errors", "Invocations"}


@pytest.mark.parametrize("kind", ["math", "p99"])
def test_alarms_on_metric_math_and_percentiles_are_never_evaluated(alarm_states: dict[str, str], kind: str) -> None:
    assert alarm_states["sum"] == "ALARM"
    assert alarm_states[kind] == "INSUFFICIENT_DATA"


def test_a_composite_alarm_that_names_its_child_does_not_follow_it(alarm_states: dict[str, str]) -> None:
    assert alarm_states["sum"] == "ALARM"
    assert alarm_states["any"] != "ALARM"


def test_permissions_are_not_enforced(
    table: str, make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    function = make_function(
        """
        import boto3

        def handle(event, context):
            boto3.client("dynamodb").put_item(TableName=event, Item={"id": {"S": "any"}})
            return "allowed"
        """,
        Role=_NOBODY,
        MemorySize=512,
        Timeout=20,
    )

    answer = invoke(function, table)

    assert answer.payload == "allowed"


def test_key_policies_are_not_enforced(client: Callable[..., Any]) -> None:
    kms = client("kms")
    statement = {"Effect": "Deny", "Principal": "*", "Action": "kms:Encrypt", "Resource": "*"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    key = kms.create_key(Policy=policy, BypassPolicyLockoutSafetyCheck=True)["KeyMetadata"]["KeyId"]

    answer = kms.encrypt(KeyId=key, Plaintext=b"secret")

    assert answer["CiphertextBlob"]


def test_bucket_policies_are_not_enforced(client: Callable[..., Any], name: str) -> None:
    s3 = client("s3")
    s3.create_bucket(Bucket=name)
    statement = {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": f"arn:aws:s3:::{name}/*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    s3.put_bucket_policy(Bucket=name, Policy=json.dumps({"Version": "2012-10-17", "Statement": [statement]}))

    answer = s3.put_object(Bucket=name, Key="any", Body=b"over plain HTTP")

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 200


def test_a_function_in_a_closed_network_reaches_everything(
    client: Callable[..., Any], make_function: Callable[..., str], invoke: Callable[..., Any], name: str
) -> None:
    ec2 = client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.1.0/24")["Subnet"]["SubnetId"]
    group = ec2.create_security_group(GroupName=name, Description="any", VpcId=vpc)["GroupId"]
    egress = ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"][0]["IpPermissionsEgress"]
    ec2.revoke_security_group_egress(GroupId=group, IpPermissions=egress)
    function = make_function(
        """
        import boto3

        def handle(event, context):
            return boto3.client("sts").get_caller_identity()["Account"]
        """,
        VpcConfig={"SubnetIds": [subnet], "SecurityGroupIds": [group]},
        MemorySize=256,
        Timeout=20,
    )

    answer = invoke(function)

    assert answer.payload == "000000000000"


def test_a_function_may_write_beside_its_code(make_function: Callable[..., str], invoke: Callable[..., Any]) -> None:
    function = make_function(
        """
        import os
        import pathlib

        def handle(event, context):
            pathlib.Path(os.environ["LAMBDA_TASK_ROOT"], "written").touch()
            return "written"
        """
    )

    answer = invoke(function)

    assert answer.payload == "written"


def test_the_lines_of_an_invocation_all_have_one_time(
    client: Callable[..., Any], make_function: Callable[..., str], invoke: Callable[..., Any]
) -> None:
    logs = client("logs")
    function = make_function(
        """
        import time

        def handle(event, context):
            print("one")
            time.sleep(0.5)
            print("two")
        """
    )
    invoke(function)

    events = eventually(
        lambda: logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"],
        until=lambda found: len(found) == 5,
        what="the log is complete",
        within=10,
        transient=(logs.exceptions.ResourceNotFoundException,),
    )

    timestamps = [event["timestamp"] for event in events]
    assert max(timestamps) - min(timestamps) < 100


@pytest.fixture
def logged_as_json(
    client: Callable[..., Any], make_function: Callable[..., str], invoke: Callable[..., Any], name: str
) -> list[str]:
    logs = client("logs")
    logs.create_log_group(logGroupName=name)
    function = make_function(
        "import logging\n\ndef handle(event, context):\n    logging.getLogger().error('said')\n",
        LoggingConfig={"LogFormat": "JSON", "LogGroup": name},
    )
    invoke(function)

    events = eventually(
        lambda: logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"],
        until=bool,
        what="the function has logged to the group with its name",
        within=10,
        transient=(logs.exceptions.ResourceNotFoundException,),
    )
    return [event["message"] for event in events]


def test_the_lines_around_an_invocation_are_text_where_json_is_asked_for(logged_as_json: list[str]) -> None:
    start, said, _, report = logged_as_json

    assert start.startswith("START RequestId: ")
    assert json.loads(said)["message"] == "said"
    assert report.startswith("REPORT RequestId: ")


def test_a_log_group_of_one_s_own_is_not_used(client: Callable[..., Any], logged_as_json: list[str], name: str) -> None:
    in_own_group = client("logs").filter_log_events(logGroupName=name)["events"]

    assert (len(logged_as_json), in_own_group) == (4, [])


def test_a_failed_batch_is_not_bisected(
    client: Callable[..., Any], stream_arn: str, put: Callable[..., Any], make_function: Callable[..., str], name: str
) -> None:
    sqs = client("sqs")
    queue = sqs.create_queue(QueueName=name)["QueueUrl"]
    queue_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    put(b"good", b"bad", b"good")
    client("lambda").create_event_source_mapping(
        FunctionName=make_function(_FAILS_ON_BAD),
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


def test_shards_are_processed_one_after_the_other(
    client: Callable[..., Any], stream_arn: str, name: str, make_function: Callable[..., str]
) -> None:
    kinesis, logs = client("kinesis"), client("logs")
    shards = kinesis.list_shards(StreamName=name)["Shards"]
    for shard in shards:
        kinesis.put_record(
            StreamName=name,
            Data=b"any",
            PartitionKey="any",
            ExplicitHashKey=shard["HashKeyRange"]["StartingHashKey"],
        )
    function = make_function(
        "import time\n\ndef handle(event, context):\n    print('at', time.time())\n    time.sleep(1.5)\n"
    )
    client("lambda").create_event_source_mapping(
        FunctionName=function, EventSourceArn=stream_arn, StartingPosition="TRIM_HORIZON", ParallelizationFactor=2
    )

    def times() -> list[float]:
        events = logs.filter_log_events(logGroupName=f"/aws/lambda/{function}")["events"]
        return [float(event["message"].split()[1]) for event in events if event["message"].startswith("at ")]

    first, second = eventually(
        times,
        until=lambda found: len(found) == 2,
        what="both shards have been processed",
        within=30,
        transient=(logs.exceptions.ResourceNotFoundException,),
    )
    assert second - first > 1.5


@pytest.mark.usefixtures("stream_arn")
def test_a_shard_takes_more_than_its_limit(put: Callable[..., Any]) -> None:
    failures = [put(*[b"x"] * 500)["FailedRecordCount"] for _ in range(3)]

    assert failures == [0, 0, 0]


def test_a_table_takes_more_than_its_capacity(client: Callable[..., Any], table: str) -> None:
    dynamodb = client("dynamodb")
    items = [{"PutRequest": {"Item": {"id": {"S": str(number)}, "x": {"S": "x" * 900}}}} for number in range(500)]

    unprocessed = [
        dynamodb.batch_write_item(RequestItems={table: items[first : first + 25]})["UnprocessedItems"]
        for first in range(0, 500, 25)
    ]

    assert unprocessed == [{}] * 20


def test_a_duplicate_statement_does_not_return_the_old_item(client: Callable[..., Any], table: str) -> None:
    statement = {
        "Statement": f"INSERT INTO \"{table}\" VALUE {{'id': 'any'}}",
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }
    dynamodb = client("dynamodb")
    dynamodb.batch_execute_statement(Statements=[statement])

    (response,) = dynamodb.batch_execute_statement(Statements=[statement])["Responses"]

    assert response["Error"]["Code"] == "DuplicateItem"
    assert "Item" not in response["Error"]
