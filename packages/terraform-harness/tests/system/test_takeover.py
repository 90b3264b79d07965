"""A deployment that would take over existing resources is refused before anything changes."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from harness_support.sessions import message_of, runs_of, write_project
from terraform_harness.targets.target import Target

DYNAMIC = {"for_each": ["http://127.0.0.1:1"], "content": {"sns": "${endpoints.value}", "sts": "${endpoints.value}"}}

pytestmark = pytest.mark.localstack("the existing resources must be on the same target")


@pytest.fixture
def name(empty_project: pytest.Pytester) -> str:
    """A name for existing resources that no other test uses."""
    return f"orders-{hashlib.sha256(str(empty_project.path).encode()).hexdigest()[:8]}"


@pytest.fixture
def queue(name: str, target: Target) -> Iterator[str]:
    """The URL of an existing queue."""
    sqs = target.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "77"})["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def test_existing_resources_are_not_taken_over(
    empty_project: pytest.Pytester, target: Target, name: str, queue: str
) -> None:
    s3 = target.client("s3")
    s3.create_bucket(Bucket=name)
    configuration = {
        "import": [{"to": "aws_s3_bucket.orders", "id": name}],
        "provider": {"aws": {"region": "us-east-1", "s3_use_path_style": True}},
        "resource": {
            "aws_default_vpc": {"main": {}},
            "aws_s3_bucket": {"orders": {"bucket": name}},
            "aws_sqs_queue": {"orders": {"name": name}},
        },
    }
    write_project(empty_project.path, configuration, "def test_deployed(terraform_deployment): pass")
    before = existing(target, queue)

    result = empty_project.runpytest_subprocess()

    assert message_of(result, "TakeoverError") == (
        f"The apply would take over 3 resources in {target.endpoint} that existed before this run, "
        "and destroy would delete them:\n"
        "aws_s3_bucket.orders: an import block names it\n"
        "aws_default_vpc.main: it stands for an existing default resource\n"
        f"aws_sqs_queue.orders: queue {name} exists in us-east-1\n"
        "Nothing was changed. Give each resource a name of this run's own (the fixture 'terraform_run' has a "
        "suffix, 'SUFFIX' here), remove import blocks, or deploy to an empty target: without AWS_ENDPOINT_URL and "
        "--tf-target, the harness starts one."
    )
    # One screen.
    assert len(result.outlines) <= 24
    assert existing(target, queue) == before
    assert s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"] == 200
    assert runs_of(empty_project) == []
    s3.delete_bucket(Bucket=name)


def existing(target: Target, queue: str) -> list[Any]:
    """Describe the queue and the default VPC. Other tests create and delete the other VPCs of the shared LocalStack."""
    vpcs = target.client("ec2").describe_vpcs(Filters=[{"Name": "is-default", "Values": ["true"]}])["Vpcs"]
    assert len(vpcs) == 1
    return [target.client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"], *vpcs]


@pytest.mark.slow
def test_existing_name_known_after_apply_is_not_destroyed(
    empty_project: pytest.Pytester, target: Target, name: str
) -> None:
    """The topic has its name from the bucket's id, which no plan knows."""
    sns = target.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    configuration = {
        "provider": {"aws": {"region": "us-east-1", "s3_use_path_style": True}},
        "resource": {
            "aws_s3_bucket": {"orders": {"bucket": name, "force_destroy": True}},
            "aws_sns_topic": {"orders": {"name": "${aws_s3_bucket.orders.id}"}},
        },
    }
    write_project(empty_project.path, configuration, "def test_deployed(terraform_deployment): pass")

    result = empty_project.runpytest_subprocess()

    (run,) = runs_of(empty_project)
    first = message_of(result, "ForeignStateError").splitlines()[:2]
    assert first == [
        f"The state {run.folder}/terraform.tfstate lists 1 resource that this run did not create:".replace(
            run.run_id, "RUN"
        ),
        "aws_sns_topic.orders",
    ]
    remedy = next(line for line in result.outlines if "state rm" in line).partition("run the command again: ")[2]
    subprocess.run(remedy, shell=True, capture_output=True, check=True)  # noqa: S602 - as the message says
    destroyed = empty_project.run(sys.executable, "-m", "terraform_harness", "destroy", run.run_id)
    assert destroyed.outlines[-1] == f"Run {run.run_id} is destroyed. No resources remain."
    topics = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
    assert (topic in topics, runs_of(empty_project)) == (True, [])
    sns.delete_topic(TopicArn=topic)


@pytest.mark.slow
def test_endpoints_of_a_provider_are_removed(empty_project: pytest.Pytester) -> None:
    """Projects for LocalStack often have localhost:4566, which may be the developer's own LocalStack."""
    elsewhere = "http://127.0.0.1:1"
    configuration = {
        "provider": {
            "aws": [
                {"region": "us-east-1", "endpoints": [{"sns": elsewhere, "sts": elsewhere}]},
                {"alias": "far", "region": "eu-west-1", "dynamic": {"endpoints": DYNAMIC}},
            ]
        },
        "resource": {
            "aws_sns_topic": {"near": {"name_prefix": "near-"}, "far": {"name_prefix": "far-", "provider": "aws.far"}}
        },
    }
    write_project(empty_project.path, configuration, "def test_deployed(terraform_deployment): pass")

    result = empty_project.runpytest_subprocess()

    result.assert_outcomes(passed=1)
    assert runs_of(empty_project) == []
