"""The deployed configuration, as the APIs of the services return it."""

import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from terraform_harness import Deployment
from terraform_harness.probes import Stream

if TYPE_CHECKING:
    from mypy_boto3_ec2.type_defs import FilterTypeDef

# Other tests change some of these resources for a while.
pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]


def test_stream_is_active_and_encrypted_with_our_key(deployment: Deployment, stream: Stream) -> None:
    response = stream.client.describe_stream_summary(StreamName=stream.name)

    summary = response["StreamDescriptionSummary"]
    assert (stream.status(), summary["EncryptionType"], summary["RetentionPeriodHours"]) == ("ACTIVE", "KMS", 24)
    assert summary["KeyId"].endswith(deployment.output("kms_key_id"))


def test_ledger_is_encrypted_with_our_key(deployment: Deployment) -> None:
    dynamodb = deployment.target.client("dynamodb")

    table = dynamodb.describe_table(TableName=deployment.output("dynamodb_table_name"))["Table"]

    assert table["SSEDescription"]["SSEType"] == "KMS"
    assert table["SSEDescription"]["KMSMasterKeyArn"] == deployment.output("kms_key_arn")


def test_ledger_has_its_keys_and_its_index(deployment: Deployment) -> None:
    dynamodb = deployment.target.client("dynamodb")

    table = dynamodb.describe_table(TableName=deployment.output("dynamodb_table_name"))["Table"]

    (index,) = table["GlobalSecondaryIndexes"]
    keys = {key["KeyType"]: key["AttributeName"] for key in index["KeySchema"]}
    assert table["KeySchema"] == [{"AttributeName": "transactionId", "KeyType": "HASH"}]
    assert (index["IndexName"], keys) == ("customer-timestamp", {"HASH": "customerId", "RANGE": "timestamp"})
    assert table["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"


def test_ledger_has_point_in_time_recovery(deployment: Deployment) -> None:
    dynamodb = deployment.target.client("dynamodb")

    backups = dynamodb.describe_continuous_backups(TableName=deployment.output("dynamodb_table_name"))

    recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
    assert recovery["PointInTimeRecoveryStatus"] == "ENABLED"


def test_function_runs_in_our_subnets_with_its_limits(deployment: Deployment) -> None:
    functions = deployment.target.client("lambda")

    function = functions.get_function_configuration(FunctionName=deployment.output("lambda_function_name"))

    assert (function["Runtime"], function["MemorySize"], function["Timeout"]) == ("python3.13", 1024, 60)
    assert sorted(function["VpcConfig"]["SubnetIds"]) == sorted(deployment.output("private_subnet_ids"))
    assert function["VpcConfig"]["SecurityGroupIds"] == [deployment.output("lambda_security_group_id")]


def test_mapping_bisects_and_limits_retries_and_record_age(deployment: Deployment) -> None:
    functions = deployment.target.client("lambda")

    (mapping,) = functions.list_event_source_mappings(EventSourceArn=deployment.output("kinesis_stream_arn"))[
        "EventSourceMappings"
    ]

    bucket = f"arn:aws:s3:::{deployment.output('quarantine_bucket_name')}"
    assert mapping["EventSourceArn"] == deployment.output("kinesis_stream_arn")
    assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert mapping["BisectBatchOnFunctionError"] is True
    assert mapping["DestinationConfig"]["OnFailure"]["Destination"] == bucket
    assert mapping["MaximumRecordAgeInSeconds"] <= 24 * 3600 / 2
    assert 0 < mapping["MaximumRetryAttempts"] <= 10


def test_key_rotates(deployment: Deployment) -> None:
    kms = deployment.target.client("kms")

    rotation = kms.get_key_rotation_status(KeyId=deployment.output("kms_key_id"))

    assert rotation["KeyRotationEnabled"] is True


def test_key_policy_names_the_account_and_services_only(deployment: Deployment) -> None:
    kms = deployment.target.client("kms")

    policy = json.loads(kms.get_key_policy(KeyId=deployment.output("kms_key_id"), PolicyName="default")["Policy"])

    principals = [statement["Principal"] for statement in policy["Statement"]]
    accounts = [principal["AWS"] for principal in principals if "AWS" in principal]
    listed = [principal.get("Service", []) for principal in principals]
    services = {name for names in listed for name in ([names] if isinstance(names, str) else names)}
    assert [account.endswith(":root") for account in accounts] == [True]
    assert {service.split(".")[0] for service in services} == {"logs", "cloudwatch", "events", "dynamodb", "kinesis"}


def test_log_group_is_encrypted_and_keeps_90_days(deployment: Deployment) -> None:
    logs = deployment.target.client("logs")
    name = deployment.output("cloudwatch_log_group_name")

    (group,) = logs.describe_log_groups(logGroupNamePrefix=name)["logGroups"]

    assert (group["kmsKeyId"], group["retentionInDays"]) == (deployment.output("kms_key_arn"), 90)


def test_quarantine_bucket_is_private_versioned_and_encrypted(deployment: Deployment) -> None:
    s3, bucket = deployment.target.client("s3"), deployment.output("quarantine_bucket_name")

    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    versioning = s3.get_bucket_versioning(Bucket=bucket)["Status"]
    (rule,) = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"]

    assert set(block.values()) == {True}
    assert versioning == "Enabled"
    assert rule["ApplyServerSideEncryptionByDefault"]["KMSMasterKeyID"] == deployment.output("kms_key_arn")


def test_quarantine_bucket_denies_plain_http(deployment: Deployment) -> None:
    s3, bucket = deployment.target.client("s3"), deployment.output("quarantine_bucket_name")

    policy = json.loads(s3.get_bucket_policy(Bucket=bucket)["Policy"])

    denials = [one for one in policy["Statement"] if one["Effect"] == "Deny"]
    assert {"Bool": {"aws:SecureTransport": "false"}} in [one.get("Condition") for one in denials]


def test_vpc_has_no_route_to_the_internet(deployment: Deployment) -> None:
    ec2, vpc = deployment.target.client("ec2"), deployment.output("vpc_id")
    of_vpc: list[FilterTypeDef] = [{"Name": "vpc-id", "Values": [vpc]}]

    gateways = ec2.describe_internet_gateways(Filters=[{"Name": "attachment.vpc-id", "Values": [vpc]}])
    nats = ec2.describe_nat_gateways(Filters=of_vpc)
    addresses = [subnet["MapPublicIpOnLaunch"] for subnet in ec2.describe_subnets(Filters=of_vpc)["Subnets"]]

    assert (gateways["InternetGateways"], nats["NatGateways"], addresses) == ([], [], [False] * 3)


def test_three_subnets_are_in_three_zones(deployment: Deployment) -> None:
    ec2 = deployment.target.client("ec2")

    subnets = ec2.describe_subnets(SubnetIds=deployment.output("private_subnet_ids"))["Subnets"]

    assert sorted(subnet["CidrBlock"] for subnet in subnets) == ["10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24"]
    assert len({subnet["AvailabilityZoneId"] for subnet in subnets} - {"use1-az3"}) == 3


def test_security_groups_allow_the_vpc_only(deployment: Deployment) -> None:
    ec2 = deployment.target.client("ec2")
    of_vpc: list[FilterTypeDef] = [{"Name": "vpc-id", "Values": [deployment.output("vpc_id")]}]

    groups = ec2.describe_security_groups(Filters=of_vpc)["SecurityGroups"]

    ranges = {
        range_["CidrIp"]
        for group in groups
        for permission in (*group["IpPermissions"], *group["IpPermissionsEgress"])
        for range_ in permission["IpRanges"]
    }
    assert ranges == {"10.0.0.0/16"}


def test_every_alarm_notifies_the_topic(deployment: Deployment) -> None:
    cloudwatch = deployment.target.client("cloudwatch")

    pages = cloudwatch.describe_alarms(AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    ours = [
        alarm
        for alarm in (*pages["MetricAlarms"], *pages["CompositeAlarms"])
        if alarm["AlarmName"].endswith(deployment.run.suffix)
    ]

    assert len(ours) >= 10
    assert {action for alarm in ours for action in alarm["AlarmActions"]} == {deployment.output("alarm_topic_arn")}
    assert all(alarm["AlarmActions"] for alarm in ours)


def test_topic_is_encrypted_with_our_key(deployment: Deployment) -> None:
    sns = deployment.target.client("sns")

    attributes = sns.get_topic_attributes(TopicArn=deployment.output("alarm_topic_arn"))["Attributes"]

    assert attributes["KmsMasterKeyId"] in {deployment.output("kms_key_arn"), deployment.output("kms_key_id")}


def test_resources_have_the_tags_of_the_run(deployment: Deployment) -> None:
    dynamodb, run = deployment.target.client("dynamodb"), deployment.run

    tags = dynamodb.list_tags_of_resource(ResourceArn=deployment.output("dynamodb_table_arn"))["Tags"]

    found = {tag["Key"]: tag["Value"] for tag in tags}
    assert found["Environment"] == run.suffix
    assert found["Ephemeral"] == "true"
    assert found["RunId"] == run.run_id
    assert datetime.fromisoformat(found["ExpiresAt"]) == datetime.fromisoformat(run.expires_at)
