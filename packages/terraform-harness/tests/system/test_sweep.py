"""A sweep finds the resources of a run by name or tag, and deletes them."""

import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from terraform_harness.deployments.kinds import KINDS
from terraform_harness.deployments.ownership import left_of
from terraform_harness.deployments.run import Run
from terraform_harness.deployments.store import RunStore
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

pytestmark = pytest.mark.localstack("the nightly role may not create these resources")


@pytest.fixture
def lost_run(tmp_path: Path) -> Run:
    """An expired run without a process and a state."""
    return RunStore(tmp_path).new(lifetime=timedelta(seconds=-1))


@pytest.fixture
def leftovers(lost_run: Run, target: Target) -> Iterator[Run]:
    """A resource of each kind, created without Terraform."""
    suffix, tags = lost_run.suffix, lost_run.tags
    ec2_tags: Any = [{"Key": name, "Value": value} for name, value in tags.items()]

    def tagged(kind: str) -> Any:  # noqa: ANN401 - a type of each call
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
        https: Any = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "UserIdGroupPairs": [{"GroupId": other}]}
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
    # An interrupted Terraform leaves this: it does not know the endpoint, and deletes the route table.
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


def test_resource_of_each_kind_is_found_and_deleted(leftovers: Run, target: Target) -> None:
    found = {resource.kind for resource in left_of(leftovers, target)}

    swept = {resource.kind for resource in sweep(leftovers, target).deleted}

    assert found == swept == set(KINDS)
    assert list(left_of(leftovers, target)) == []


def test_resources_of_another_run_are_skipped(leftovers: Run, target: Target, tmp_path: Path) -> None:
    other = RunStore(tmp_path / "other").new()

    swept = sweep(other, target)

    assert (swept.deleted, swept.kept) == ([], {})
    assert {resource.kind for resource in left_of(leftovers, target)} == set(KINDS)


def test_command_lists_resources_and_deletes_them_with_yes(leftovers: Run, target: Target) -> None:
    left = sorted(f"  {resource}" for resource in left_of(leftovers, target))

    listed = command(target)
    kept = list(left_of(leftovers, target))
    deleted = command(target, "--yes")
    listed_again = command(target)

    heading = f"Run {leftovers.run_id} (expires at {leftovers.expires_at}):"
    assert listed == [heading, *left, f"{len(left)} resources would be deleted. Add --yes to delete them."]
    assert len(kept) == len(left)
    assert deleted == [heading, *left, f"{len(left)} resources were deleted."]
    assert listed_again == ["No expired run has leftover resources."]


def command(target: Target, *options: str) -> list[str]:
    """Return the lines of the command, with its resources sorted."""
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
    """The LocalStack as the target aws, where only tags count."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    return Target(name="aws", environment={"AWS_REGION": "us-east-1"}, account="000000000000")


@pytest.mark.usefixtures("leftovers")
def test_only_tagged_resources_are_deleted_on_aws(lost_run: Run, as_aws: Target, target: Target) -> None:
    tag_again(lost_run, target)
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


def test_tag_of_another_run_outweighs_the_name(lost_run: Run, target: Target) -> None:
    sqs = target.client("sqs")
    url = sqs.create_queue(QueueName=f"others-{lost_run.suffix}", tags={"RunId": "another"})["QueueUrl"]

    swept = sweep(lost_run, target)

    assert {str(one): reason for one, reason in swept.kept.items()} == {
        f"queue others-{lost_run.suffix}": "its tag RunId is another"
    }
    sqs.delete_queue(QueueUrl=url)


def tag_again(run: Run, target: Target) -> None:
    """Tag alarms and the stream again: LocalStack does not return the tags of their creation."""
    cloudwatch = target.client("cloudwatch")
    tags: Any = [{"Key": name, "Value": value} for name, value in run.tags.items()]
    for name in (f"left-{run.suffix}", f"left-all-{run.suffix}"):
        cloudwatch.tag_resource(ResourceARN=f"arn:aws:cloudwatch:us-east-1:000000000000:alarm:{name}", Tags=tags)
    target.client("kinesis").add_tags_to_stream(StreamName=f"left-{run.suffix}", Tags=run.tags)
