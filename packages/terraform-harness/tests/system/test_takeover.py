"""A deployment that would take over what existed before is refused before anything changes."""

import hashlib
import subprocess
import sys
from collections.abc import Iterator

import pytest

from harness_support.sessions import message_of, runs_of, write_project
from terraform_harness.targets.target import Target

DYNAMIC = {"for_each": ["http://127.0.0.1:1"], "content": {"sns": "${endpoints.value}", "sts": "${endpoints.value}"}}

pytestmark = pytest.mark.localstack("the existing resources must stand on the same target")


@pytest.fixture
def name(pytester: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch) -> str:
    """A name of existing resources that no other test uses; the sessions of the project go to the target."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(target.endpoint))
    return f"orders-{hashlib.sha256(str(pytester.path).encode()).hexdigest()[:8]}"


@pytest.fixture
def queue(name: str, target: Target) -> Iterator[str]:
    """The URL of an existing queue."""
    sqs = target.client("sqs")
    url = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "77"})["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def test_existing_resources_are_not_taken_over(
    pytester: pytest.Pytester, target: Target, name: str, queue: str
) -> None:
    sqs, s3, ec2 = (target.client(service) for service in ("sqs", "s3", "ec2"))
    s3.create_bucket(Bucket=name)
    before = [
        sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"],
        ec2.describe_vpcs()["Vpcs"],
    ]
    configuration = {
        "import": [{"to": "aws_s3_bucket.orders", "id": name}],
        "provider": {"aws": {"region": "us-east-1", "s3_use_path_style": True}},
        "resource": {
            "aws_default_vpc": {"main": {}},
            "aws_s3_bucket": {"orders": {"bucket": name}},
            "aws_sqs_queue": {"orders": {"name": name}},
        },
    }
    write_project(pytester.path, configuration, "def test_deployed(deployment): pass")

    result = pytester.runpytest_subprocess()

    after = [
        sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["All"])["Attributes"],
        ec2.describe_vpcs()["Vpcs"],
    ]
    assert message_of(result, "TakeoverError") == (
        f"The apply would take over 3 resources in {target.endpoint} that existed before this run, "
        "and destroy would delete them:\n"
        "aws_s3_bucket.orders: an import block names it\n"
        "aws_default_vpc.main: it stands for an existing default resource\n"
        f"aws_sqs_queue.orders: queue {name} exists in us-east-1\n"
        "Nothing was changed. Give each resource a name of this run's own (the fixture 'run' has a suffix, 'SUFFIX' "
        "here), remove import blocks, or deploy to an empty target: without AWS_ENDPOINT_URL and --target, the harness "
        "starts one."
    )
    # One screen.
    assert len(result.outlines) <= 24
    assert (after, s3.head_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"]) == (before, 200)
    assert runs_of(pytester) == []
    s3.delete_bucket(Bucket=name)


@pytest.mark.slow
def test_name_that_only_apply_made_known_is_not_destroyed(pytester: pytest.Pytester, target: Target, name: str) -> None:
    """The topic takes its name from the bucket's id: no plan can tell that it exists."""
    sns = target.client("sns")
    topic = sns.create_topic(Name=name)["TopicArn"]
    configuration = {
        "provider": {"aws": {"region": "us-east-1", "s3_use_path_style": True}},
        "resource": {
            "aws_s3_bucket": {"orders": {"bucket": name, "force_destroy": True}},
            "aws_sns_topic": {"orders": {"name": "${aws_s3_bucket.orders.id}"}},
        },
    }
    write_project(pytester.path, configuration, "def test_deployed(deployment): pass")

    result = pytester.runpytest_subprocess()

    (run,) = runs_of(pytester)
    first = message_of(result, "ForeignStateError").splitlines()[:2]
    assert first == [
        f"The state {run.folder}/terraform.tfstate lists 1 resource that this run did not create:".replace(
            run.run_id, "RUN"
        ),
        "aws_sns_topic.orders",
    ]
    remedy = next(line for line in result.outlines if "state rm" in line).partition("run the command again: ")[2]
    subprocess.run(remedy, shell=True, capture_output=True, check=True)  # noqa: S602 - as the message says
    destroyed = pytester.run(sys.executable, "-m", "terraform_harness", "destroy", run.run_id)
    assert destroyed.outlines[-1] == f"Nothing of run {run.run_id} is left."
    topics = [each["TopicArn"] for each in sns.list_topics()["Topics"]]
    assert (topic in topics, runs_of(pytester)) == (True, [])
    sns.delete_topic(TopicArn=topic)


@pytest.mark.slow
@pytest.mark.usefixtures("name")
def test_endpoints_of_a_provider_lead_nowhere_else(pytester: pytest.Pytester) -> None:
    """Projects for LocalStack often name localhost:4566, where the developer's own LocalStack may be."""
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
    write_project(pytester.path, configuration, "def test_deployed(deployment): pass")

    result = pytester.runpytest_subprocess()

    result.assert_outcomes(passed=1)
    assert runs_of(pytester) == []
