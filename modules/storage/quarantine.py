"""The bucket that keeps every record that could not be stored."""

from cdktf_cdktf_provider_aws import s3_bucket_lifecycle_configuration as lifecycle
from cdktf_cdktf_provider_aws import s3_bucket_object_lock_configuration as lock
from cdktf_cdktf_provider_aws import s3_bucket_server_side_encryption_configuration as encryption
from cdktf_cdktf_provider_aws import s3_bucket_versioning as versioning
from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket
from cdktf_cdktf_provider_aws.s3_bucket_notification import S3BucketNotification
from cdktf_cdktf_provider_aws.s3_bucket_policy import S3BucketPolicy
from cdktf_cdktf_provider_aws.s3_bucket_public_access_block import S3BucketPublicAccessBlock
from constructs import Construct

from modules import iam
from modules.checkov_suppressions import accept
from modules.storage.protection import kept_unless

_OLD_VERSION_DAYS = 90


class Quarantine(Construct):
    """An encrypted, versioned, private bucket that sends an event to EventBridge for each object.

    By default it keeps each object until an operator deletes it. With `retention_days`, S3 deletes it after that time.
    With `lock_days`, S3 Object Lock refuses to delete a version before that time.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        key_arn: str,
        retention_days: int | None,
        lock_days: int | None,
        ephemeral: bool,
    ) -> None:
        super().__init__(scope, id_)
        bucket = S3Bucket(self, "bucket", bucket=name, force_destroy=ephemeral, lifecycle=kept_unless(ephemeral))
        accept(
            bucket,
            {
                "CKV_AWS_18": "Access logs need a second bucket. CloudTrail data events can record reads.",
                "CKV_AWS_144": "The whole pipeline is in one Region. A replica is one more copy of financial records.",
                "CKV2_AWS_61": "Only an ephemeral bucket has no lifecycle configuration. Terraform empties it.",
            },
        )
        self._block_public_access(bucket)
        self._encrypt(bucket, key_arn)
        enabled = versioning.S3BucketVersioningVersioningConfiguration(status="Enabled")
        versions = versioning.S3BucketVersioningA(
            self, "versioning", bucket=bucket.id, versioning_configuration=enabled
        )
        if lock_days is not None:
            self._lock(bucket, versions, lock_days)
        if not ephemeral:
            # An ephemeral bucket does not live long enough, and the provider waits 55 s for a lifecycle configuration.
            self._expire(bucket, retention_days)
        self.notification = S3BucketNotification(self, "notification", bucket=bucket.id, eventbridge=True)
        self.name = bucket.bucket
        self.arn = bucket.arn

    def _block_public_access(self, bucket: S3Bucket) -> None:
        block = S3BucketPublicAccessBlock(
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
            policy=iam.document(iam.deny_without_tls("s3:*", [bucket.arn, f"{bucket.arn}/*"])),
            # S3 rejects concurrent changes to the access of one bucket.
            depends_on=[block],
        )

    def _encrypt(self, bucket: S3Bucket, key_arn: str) -> None:
        default = encryption.S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
            sse_algorithm="aws:kms", kms_master_key_id=key_arn
        )
        # With a bucket key, S3 needs one KMS request for many objects.
        rule = encryption.S3BucketServerSideEncryptionConfigurationRuleA(
            bucket_key_enabled=True, apply_server_side_encryption_by_default=default
        )
        encryption.S3BucketServerSideEncryptionConfigurationA(self, "encryption", bucket=bucket.id, rule=[rule])

    def _lock(self, bucket: S3Bucket, versions: versioning.S3BucketVersioningA, days: int) -> None:
        retention = lock.S3BucketObjectLockConfigurationRuleDefaultRetentionA(mode="GOVERNANCE", days=days)
        lock.S3BucketObjectLockConfigurationA(
            self,
            "lock",
            bucket=bucket.id,
            rule=lock.S3BucketObjectLockConfigurationRuleA(default_retention=retention),
            # S3 locks only a versioned bucket.
            depends_on=[versions],
        )

    def _expire(self, bucket: S3Bucket, retention_days: int | None) -> None:
        """Expire old versions, and with a retention also the objects, which then become old versions."""
        old_versions = lifecycle.S3BucketLifecycleConfigurationRuleNoncurrentVersionExpiration(
            noncurrent_days=_OLD_VERSION_DAYS
        )
        uploads = lifecycle.S3BucketLifecycleConfigurationRuleAbortIncompleteMultipartUpload(days_after_initiation=1)
        rule = lifecycle.S3BucketLifecycleConfigurationRule(
            id="forget-old-versions",
            status="Enabled",
            filter=[lifecycle.S3BucketLifecycleConfigurationRuleFilter(prefix="")],
            expiration=None
            if retention_days is None
            else [lifecycle.S3BucketLifecycleConfigurationRuleExpiration(days=retention_days)],
            noncurrent_version_expiration=[old_versions],
            abort_incomplete_multipart_upload=[uploads],
        )
        lifecycle.S3BucketLifecycleConfiguration(self, "lifecycle", bucket=bucket.id, rule=[rule])
