"""The bucket that keeps, whole, every record that could not be stored."""

from dataclasses import dataclass

import cdktf
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_lifecycle_configuration import (
    S3BucketLifecycleConfiguration,
    S3BucketLifecycleConfigurationRule,
    S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload,
    S3BucketLifecycleConfigurationRuleFilter,
    S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration,
)
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from cdktf_cdktf_provider_aws.s3_bucket_server_side_encryption_configuration import (
    S3BucketServerSideEncryptionConfigurationA,
    S3BucketServerSideEncryptionConfigurationRuleA,
    S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA,
)
from cdktf_cdktf_provider_aws.s3_bucket_versioning import (
    S3BucketVersioningA,
    S3BucketVersioningVersioningConfiguration,
)
from constructs import Construct

from modules import iam as policy
from modules.checkov_suppressions import accept

_OLD_VERSION_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineConfig:
    """What the caller decides."""

    name: str
    key_arn: str
    ephemeral: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineOutputs:
    """References to the bucket; `announces` is there once EventBridge is told of its objects."""

    name: str
    arn: str
    announces: cdktf.ITerraformDependable


class Quarantine(Construct):
    """An encrypted, versioned, private bucket that tells EventBridge of every object."""

    def __init__(self, scope: Construct, id_: str, config: QuarantineConfig) -> None:
        super().__init__(scope, id_)
        bucket = S3Bucket(self, "bucket", bucket=config.name, force_destroy=config.ephemeral)
        accept(
            bucket,
            {
                "CKV_AWS_18": "A log of accesses needs a second bucket; who reads data is CloudTrail's to say.",
                "CKV_AWS_144": "Records stay here until they are replayed in this Region.",
                "CKV2_AWS_61": "An ephemeral environment is emptied when it is destroyed.",
            },
        )
        self._close(bucket)
        self._encrypt(bucket, config.key_arn)
        self._keep_versions(bucket, ephemeral=config.ephemeral)
        announces = S3BucketNotification(self, "notification", bucket=bucket.id, eventbridge=True)
        self.outputs = QuarantineOutputs(name=bucket.bucket, arn=bucket.arn, announces=announces)

    def _close(self, bucket: S3Bucket) -> None:
        closed = S3BucketPublicAccessBlock(
            self,
            "public-access",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketPolicy(
            self,
            "policy",
            bucket=bucket.id,
            policy=policy.document(policy.only_over_tls("s3:*", [bucket.arn, f"{bucket.arn}/*"])),
            # S3 refuses two changes of one bucket's access at the same time.
            depends_on=[closed],
        )

    def _encrypt(self, bucket: S3Bucket, key_arn: str) -> None:
        by_default = S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="aws:kms", kms_master_key_id=key_arn
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=bucket.id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    # One call of KMS for many objects.
                    bucket_key_enabled=True,
                    apply_server_side_encryption_by_default=by_default,
                )
            ],
        )

    def _keep_versions(self, bucket: S3Bucket, *, ephemeral: bool) -> None:
        S3BucketVersioningA(
            self,
            "versioning",
            bucket=bucket.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        if ephemeral:
            # It does not live long enough, and the provider waits 55 s until a lifecycle is everywhere.
            return
        S3BucketLifecycleConfiguration(
            self,
            "lifecycle",
            bucket=bucket.id,
            rule=[
                S3BucketLifecycleConfigurationRule(
                    id="forget-old-versions",
                    status="Enabled",
                    filter=[S3BucketLifecycleConfigurationRuleFilter(prefix="")],
                    noncurrent_version_expiration=[
                        S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(noncurrent_days=_OLD_VERSION_DAYS)
                    ],
                    abort_incomplete_multipart_upload=[
                        S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=1)
                    ],
                )
            ],
        )
