"""Tests of a bucket that Terraform deploys to LocalStack, or with `--tf-target aws` to AWS."""

from terraform_harness import Deployment


def test_bucket_returns_the_stored_object(terraform_deployment: Deployment) -> None:
    s3, bucket = terraform_deployment.target.client("s3"), terraform_deployment.output("bucket")

    s3.put_object(Bucket=bucket, Key="greeting", Body=b"hello")

    assert s3.get_object(Bucket=bucket, Key="greeting")["Body"].read() == b"hello"


def test_bucket_has_the_tags_of_the_run(terraform_deployment: Deployment) -> None:
    s3, bucket = terraform_deployment.target.client("s3"), terraform_deployment.output("bucket")

    tags = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]

    assert {tag["Key"]: tag["Value"] for tag in tags} == terraform_deployment.run.tags
