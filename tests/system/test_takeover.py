"""A deployment that would take over what existed before is refused before anything changes."""

import hashlib

import pytest

from harness.targets import Target
from tests.system.sessions import message_of, runs_of, write_project

pytestmark = pytest.mark.localstack("the existing resources must stand on the same target")


def test_existing_resources_are_not_taken_over(
    pytester: pytest.Pytester, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"orders-{hashlib.sha256(str(pytester.path).encode()).hexdigest()[:8]}"
    monkeypatch.setenv("AWS_ENDPOINT_URL", str(target.endpoint))
    sqs, s3, ec2 = (target.client(service) for service in ("sqs", "s3", "ec2"))
    queue = sqs.create_queue(QueueName=name, Attributes={"VisibilityTimeout": "77"})["QueueUrl"]
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
    sqs.delete_queue(QueueUrl=queue)
    s3.delete_bucket(Bucket=name)
