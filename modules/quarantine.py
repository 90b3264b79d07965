"""Where records go that could not be stored: a bucket that keeps them whole, and a queue that is told of each."""

import json
from dataclasses import dataclass

from cdktf_cdktf_provider_aws.cloudwatch_event_rule import CloudwatchEventRule
from cdktf_cdktf_provider_aws.cloudwatch_event_target import CloudwatchEventTarget
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
from cdktf_cdktf_provider_aws.s3_bucket_versioning import S3BucketVersioningA, S3BucketVersioningVersioningConfiguration
from cdktf_cdktf_provider_aws.sqs_queue import SqsQueue
from cdktf_cdktf_provider_aws.sqs_queue_policy import SqsQueuePolicy
from constructs import Construct

from modules import policy
from modules.policy import Statement

_QUEUE_RETENTION_SECONDS = 14 * 24 * 3600
_OLD_VERSION_DAYS = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineConfig:
    """What the caller decides."""

    bucket_name: str
    queue_name: str
    rule_name: str
    key_arn: str
    emptied_on_destroy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QuarantineOutputs:
    """References to the bucket and the queue."""

    bucket_name: str
    bucket_arn: str
    queue_name: str
    queue_url: str


class Quarantine(Construct):
    """An encrypted, versioned, private bucket; EventBridge tells an encrypted queue of every new object.

    A bucket notification straight to the queue would send an s3:TestEvent at once and ring the queue's alarm.
    """

    def __init__(self, scope: Construct, id_: str, config: QuarantineConfig) -> None:
        super().__init__(scope, id_)
        bucket = self._bucket(config)
        queue = self._queue(config)
        self._tell_queue_of_objects(config, bucket, queue)
        self.outputs = QuarantineOutputs(
            bucket_name=bucket.bucket, bucket_arn=bucket.arn, queue_name=queue.name, queue_url=queue.url
        )

    def _bucket(self, config: QuarantineConfig) -> S3Bucket:
        bucket = S3Bucket(self, "bucket", bucket=config.bucket_name, force_destroy=config.emptied_on_destroy)
        closed = S3BucketPublicAccessBlock(
            self,
            "public-access",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
        )
        S3BucketVersioningA(
            self,
            "versioning",
            bucket=bucket.id,
            versioning_configuration=S3BucketVersioningVersioningConfiguration(status="Enabled"),
        )
        S3BucketServerSideEncryptionConfigurationA(
            self,
            "encryption",
            bucket=bucket.id,
            rule=[
                S3BucketServerSideEncryptionConfigurationRuleA(
                    bucket_key_enabled=True,
                    apply_server_side_encryption_by_default=S3BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultA(
                        sse_algorithm="aws:kms", kms_master_key_id=config.key_arn
                    ),
                )
            ],
        )
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
        S3BucketPolicy(
            self,
            "policy",
            bucket=bucket.id,
            policy=policy.document(
                Statement(
                    sid="OnlyOverTls",
                    effect="Deny",
                    principal="*",
                    actions=["s3:*"],
                    resources=[bucket.arn, f"{bucket.arn}/*"],
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                )
            ),
            # S3 refuses two changes of one bucket's access at the same time.
            depends_on=[closed],
        )
        return bucket

    def _queue(self, config: QuarantineConfig) -> SqsQueue:
        return SqsQueue(
            self,
            "queue",
            name=config.queue_name,
            kms_master_key_id=config.key_arn,
            message_retention_seconds=_QUEUE_RETENTION_SECONDS,
        )

    def _tell_queue_of_objects(self, config: QuarantineConfig, bucket: S3Bucket, queue: SqsQueue) -> None:
        rule = CloudwatchEventRule(
            self,
            "rule",
            name=config.rule_name,
            description="Every object that reaches the quarantine bucket",
            event_pattern=json.dumps(
                {
                    "source": ["aws.s3"],
                    "detail-type": ["Object Created"],
                    "detail": {"bucket": {"name": [config.bucket_name]}},
                }
            ),
        )
        allowed = SqsQueuePolicy(
            self,
            "queue-policy",
            queue_url=queue.url,
            policy=policy.document(
                Statement(
                    sid="TheRuleSends",
                    principal={"Service": "events.amazonaws.com"},
                    actions=["sqs:SendMessage"],
                    resources=[queue.arn],
                    conditions={"ArnEquals": {"aws:SourceArn": rule.arn}},
                ),
                Statement(
                    sid="OnlyOverTls",
                    effect="Deny",
                    principal="*",
                    actions=["sqs:*"],
                    resources=[queue.arn],
                    conditions={"Bool": {"aws:SecureTransport": "false"}},
                ),
            ),
        )
        target = CloudwatchEventTarget(self, "target", rule=rule.name, arn=queue.arn, depends_on=[allowed])
        # The bucket speaks last, so that no object is announced to nobody.
        S3BucketNotification(self, "notification", bucket=bucket.id, eventbridge=True, depends_on=[target])
