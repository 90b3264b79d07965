"""The AWS account, Region and partition of the deployment."""

from cdktf_cdktf_provider_aws.data_aws_caller_identity import DataAwsCallerIdentity
from cdktf_cdktf_provider_aws.data_aws_partition import DataAwsPartition
from cdktf_cdktf_provider_aws.data_aws_region import DataAwsRegion
from constructs import Construct


class Account(Construct):
    """Data sources that Terraform reads with the credentials of the deployment."""

    def __init__(self, scope: Construct, id_: str) -> None:
        super().__init__(scope, id_)
        self.id: str = DataAwsCallerIdentity(self, "account").account_id
        self.region: str = DataAwsRegion(self, "region").name
        self.partition: str = DataAwsPartition(self, "partition").partition
