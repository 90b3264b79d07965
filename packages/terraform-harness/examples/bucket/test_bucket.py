"""A bucket, deployed by real Terraform to a real LocalStack, or with `--target aws` to AWS."""

from terraform_harness.deployments.deployment import Deployment


def test_what_is_put_into_the_bucket_can_be_got_out_again(deployment: Deployment) -> None:
    s3, bucket = deployment.target.client("s3"), deployment.output("bucket")

    s3.put_object(Bucket=bucket, Key="greeting", Body=b"hello")

    assert s3.get_object(Bucket=bucket, Key="greeting")["Body"].read() == b"hello"


def test_the_bucket_carries_the_run(deployment: Deployment) -> None:
    tags = deployment.target.client("s3").get_bucket_tagging(Bucket=deployment.output("bucket"))["TagSet"]

    assert {tag["Key"]: tag["Value"] for tag in tags} == deployment.run.tags
