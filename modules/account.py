"""Where the stack is deployed, which only Terraform knows: account, Region and partition."""

from dataclasses import dataclass

from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from constructs import Construct


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """References to the deployment's account and Region, and the ARNs that follow from a name."""

    account: str
    region: str
    partition: str

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource by its name, without a dependency on the resource."""
        return f"arn:{self.partition}:{service}:{self.region}:{self.account}:{resource}"

    def bucket_arn(self, bucket: str) -> str:
        """Return a bucket's ARN, which has neither account nor Region."""
        return f"arn:{self.partition}:s3:::{bucket}"

    def policy_arn(self, policy: str) -> str:
        """Return the ARN of one of the account's own IAM policies."""
        return f"arn:{self.partition}:iam::{self.account}:policy/{policy}"

    @property
    def root_arn(self) -> str:
        """The account itself, as a principal."""
        return f"arn:{self.partition}:iam::{self.account}:root"


class DeploymentPlace(Construct):
    """The data sources that tell Terraform where it is."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.outputs = Place(
            account=DataAwsCallerIdentity(self, "account").account_id,
            region=DataAwsRegion(self, "region").name,
            partition=DataAwsPartition(self, "partition").partition,
        )
