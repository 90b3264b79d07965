"""What terraform does not know of is found by name or tag, and swept."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from terraform_harness.deployments.inventory import KINDS, left_of
from terraform_harness.deployments.run import Run, new_run
from terraform_harness.deployments.sweep import sweep
from terraform_harness.targets.target import Target

PROJECT = Path(__file__).parents[4]
READS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}]}
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}

pytestmark = pytest.mark.localstack("it makes resources that the nightly role may not make")


@pytest.fixture
def lost_run(tmp_path: Path) -> Run:
    """A run whose process and state are gone, and whose time is over."""
    return new_run(tmp_path, lifetime=timedelta(seconds=-1))


@pytest.fixture
def leftovers(lost_run: Run, target: Target) -> Iterator[Run]:
    """One resource of each kind, made without terraform."""
    suffix, tags = lost_run.suffix, lost_run.tags
    ec2_tags = [{"Key": name, "Value": value} for name, value in tags.items()]

    def tagged(kind: str) -> list[dict[str, object]]:
        return [{"ResourceType": kind, "Tags": ec2_tags}]

    ec2 = target.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.9.0.0/16", TagSpecifications=tagged("vpc"))["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.9.1.0/24", TagSpecifications=tagged("subnet"))["Subnet"]
    group = ec2.create_security_group(
        VpcId=vpc, GroupName="left", Description="left", TagSpecifications=tagged("security-group")
    )["GroupId"]
    peer = ec2.create_security_group(
        VpcId=vpc, GroupName="peer", Description="peer", TagSpecifications=tagged("security-group")
    )["GroupId"]
    for one, other in ((group, peer), (peer, group)):
        https = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other}]}
        ec2.authorize_security_group_ingress(GroupId=one, IpPermissions=[https])
    ec2.create_network_interface(SubnetId=subnet["SubnetId"], TagSpecifications=tagged("network-interface"))
    ec2.create_route_table(VpcId=vpc, TagSpecifications=tagged("route-table"))
    gone = ec2.create_route_table(VpcId=vpc)["RouteTable"]["RouteTableId"]
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Gateway",
        ServiceName="com.amazonaws.us-east-1.s3",
        RouteTableIds=[gone],
        TagSpecifications=tagged("vpc-endpoint"),
    )
    # As when terraform is interrupted while it creates the endpoint, and then deletes what it knows of.
    ec2.delete_route_table(RouteTableId=gone)
    ec2.create_vpc_endpoint(
        VpcId=vpc,
        VpcEndpointType="Interface",
        ServiceName="com.amazonaws.us-east-1.kms",
        SubnetIds=[subnet["SubnetId"]],
        TagSpecifications=tagged("vpc-endpoint"),
    )

    kms = target.client("kms")
    key = kms.create_key(Tags=[{"TagKey": name, "TagValue": value} for name, value in tags.items()])["KeyMetadata"]
    kms.create_alias(AliasName=f"alias/left-{suffix}", TargetKeyId=key["KeyId"])
    iam = target.client("iam")
    role = iam.create_role(RoleName=f"left-{suffix}", AssumeRolePolicyDocument=json.dumps(TRUST), Tags=ec2_tags)[
        "Role"
    ]["Arn"]
    iam.put_role_policy(RoleName=f"left-{suffix}", PolicyName="left", PolicyDocument=json.dumps(READS))

    target.client("kinesis").create_stream(StreamName=f"left-{suffix}", ShardCount=1, Tags=tags)
    target.client("dynamodb").create_table(
        TableName=f"left-{suffix}",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=ec2_tags,
    )
    target.client("logs").create_log_group(logGroupName=f"/left-{suffix}", tags=tags)
    s3 = target.client("s3")
    s3.create_bucket(Bucket=f"left-{suffix}-000000000000")
    s3.put_bucket_tagging(Bucket=f"left-{suffix}-000000000000", Tagging={"TagSet": ec2_tags})
    s3.put_bucket_versioning(Bucket=f"left-{suffix}-000000000000", VersioningConfiguration={"Status": "Enabled"})
    for body in (b"first", b"second"):
        s3.put_object(Bucket=f"left-{suffix}-000000000000", Key="kept", Body=body)
    queue = target.client("sqs").create_queue(QueueName=f"left-{suffix}", tags=tags)["QueueUrl"]
    queue_arn = target.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]
    target.client("sns").create_topic(Name=f"left-{suffix}", Tags=ec2_tags)
    events = target.client("events")
    events.put_rule(Name=f"left-{suffix}", EventPattern=json.dumps({"source": ["left"]}), Tags=ec2_tags)
    events.put_targets(Rule=f"left-{suffix}", Targets=[{"Id": "queue", "Arn": queue_arn["QueueArn"]}])

    functions = target.client("lambda")
    bundle = io.BytesIO()
    with zipfile.ZipFile(bundle, "w") as archive:
        archive.writestr("left.py", "def handle(event, context): pass")
    functions.create_function(
        FunctionName=f"left-{suffix}",
        Runtime="python3.13",
        Role=role,
        Handler="left.handle",
        Code={"ZipFile": bundle.getvalue()},
        Tags=tags,
    )
    functions.get_waiter("function_active_v2").wait(FunctionName=f"left-{suffix}")
    functions.create_event_source_mapping(
        FunctionName=f"left-{suffix}", EventSourceArn=queue_arn["QueueArn"], BatchSize=1, Tags=tags
    )
    cloudwatch = target.client("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=f"left-{suffix}",
        Namespace="Left",
        MetricName="Left",
        Statistic="Sum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanThreshold",
        Tags=ec2_tags,
    )
    cloudwatch.put_composite_alarm(AlarmName=f"left-all-{suffix}", AlarmRule=f"ALARM(left-{suffix})", Tags=ec2_tags)
    cloudwatch.put_dashboard(DashboardName=f"left-{suffix}", DashboardBody=json.dumps({"widgets": []}))
    yield lost_run
    sweep(lost_run, target)


def test_a_resource_of_each_kind_is_found_and_swept(leftovers: Run, target: Target) -> None:
    found = {resource.kind for resource in left_of(leftovers, target)}

    swept = {resource.kind for resource in sweep(leftovers, target).deleted}

    assert found == swept == set(KINDS)
    assert list(left_of(leftovers, target)) == []


def test_what_another_run_made_is_left_alone(leftovers: Run, target: Target, tmp_path: Path) -> None:
    stranger = new_run(tmp_path / "stranger")

    swept = sweep(stranger, target)

    assert (swept.deleted, swept.kept) == ([], {})
    assert {resource.kind for resource in left_of(leftovers, target)} == set(KINDS)


def test_the_command_shows_what_a_dead_run_left_and_deletes_it_when_told_to(leftovers: Run, target: Target) -> None:
    left = sorted(f"  {resource}" for resource in left_of(leftovers, target))

    looked = command(target)
    kept = list(left_of(leftovers, target))
    deleted = command(target, "--yes")
    looked_again = command(target)

    heading = f"Run {leftovers.run_id}, which could stay until {leftovers.expires_at}:"
    assert looked == [heading, *left, f"{len(left)} resources would be deleted: say --yes to do it."]
    assert len(kept) == len(left)
    assert deleted == [heading, *left, f"{len(left)} resources were deleted."]
    assert looked_again == ["No dead run has left anything."]


def command(target: Target, *options: str) -> list[str]:
    """The lines that the command prints, the resources in their order."""
    finished = subprocess.run(
        [sys.executable, "-m", "terraform_harness", "sweep", *options],
        cwd=PROJECT,
        env={**os.environ, "AWS_ENDPOINT_URL": str(target.endpoint)},
        capture_output=True,
        text=True,
        check=True,
    )
    lines = finished.stdout.splitlines()
    return [*lines[:1], *sorted(lines[1:-1]), *lines[-1:]] if len(lines) > 1 else lines


@pytest.fixture
def as_aws(monkeypatch: pytest.MonkeyPatch) -> Target:
    """The LocalStack as if it were AWS: only tags count there."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    return Target(name="aws", environment={"AWS_REGION": "us-east-1"}, account="000000000000")


@pytest.mark.usefixtures("leftovers")
def test_on_aws_only_the_tag_of_the_run_counts(lost_run: Run, as_aws: Target, target: Target) -> None:
    tag_once_more(lost_run, target)
    sqs = target.client("sqs")
    untagged = sqs.create_queue(QueueName=f"untagged-{lost_run.suffix}")["QueueUrl"]
    others = sqs.create_queue(QueueName=f"others-{lost_run.suffix}", tags={"RunId": "another"})["QueueUrl"]

    swept = sweep(lost_run, as_aws)

    kept = {str(resource): reason for resource, reason in swept.kept.items()}
    assert kept == {
        f"queue untagged-{lost_run.suffix}": "it has no tag RunId",
        f"queue others-{lost_run.suffix}": "its tag RunId is another",
    }
    assert [str(resource) for resource in left_of(lost_run, target)] == sorted(kept, reverse=True)
    for url in (untagged, others):
        sqs.delete_queue(QueueUrl=url)


def test_a_tag_of_another_run_outweighs_the_name(lost_run: Run, target: Target) -> None:
    sqs = target.client("sqs")
    url = sqs.create_queue(QueueName=f"others-{lost_run.suffix}", tags={"RunId": "another"})["QueueUrl"]

    swept = sweep(lost_run, target)

    assert {str(one): reason for one, reason in swept.kept.items()} == {
        f"queue others-{lost_run.suffix}": "its tag RunId is another"
    }
    sqs.delete_queue(QueueUrl=url)


def tag_once_more(run: Run, target: Target) -> None:
    """LocalStack does not return the tags with which an alarm or a stream was created (docs/parity.md)."""
    cloudwatch = target.client("cloudwatch")
    tags = [{"Key": name, "Value": value} for name, value in run.tags.items()]
    for name in (f"left-{run.suffix}", f"left-all-{run.suffix}"):
        cloudwatch.tag_resource(ResourceARN=f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{name}", Tags=tags)
    target.client("kinesis").add_tags_to_stream(StreamName=f"left-{run.suffix}", Tags=run.tags)
