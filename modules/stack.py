"""The transaction pipeline: every part, wired."""

from pathlib import Path

import cdktf
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from modules.account import DeploymentPlace
from modules.monitoring.monitoring import Monitoring, MonitoringConfig
from modules.naming import Names, tags
from modules.network.network import Network, NetworkConfig
from modules.processor import bundle
from modules.processor.event_source import EventSource, EventSourceConfig
from modules.processor.function import Function, FunctionConfig
from modules.processor.role import FunctionRole, FunctionRoleConfig
from modules.settings import Settings
from modules.storage.dead_letter import DeadLetter, DeadLetterConfig
from modules.storage.key import EncryptionKey, EncryptionKeyConfig
from modules.storage.ledger import Ledger, LedgerConfig
from modules.storage.quarantine import Quarantine, QuarantineConfig
from modules.storage.stream import TransactionStream, TransactionStreamConfig

FUNCTION_PACKAGE = Path(__file__).parent.parent / "lambda_src" / "transaction_processor"
HANDLER = "transaction_processor.handler.handle"


class TransactionPipelineStack(cdktf.TerraformStack):
    """One environment of the pipeline, as its settings say."""

    def __init__(self, scope: Construct, id_: str, settings: Settings) -> None:
        super().__init__(scope, id_)
        self._choose_provider(settings)
        self._choose_state(id_, settings)
        place = DeploymentPlace(self, "place").outputs
        names = Names.of(settings.environment_suffix, account=place.account)
        boundary = settings.permissions_boundary
        boundary_arn = None if boundary is None else place.policy_arn(boundary)

        key = EncryptionKey(
            self,
            "key",
            EncryptionKeyConfig(
                alias=names.key_alias,
                place=place,
                log_groups=(names.function_log_group, *((names.flow_log_group,) if settings.flow_logs else ())),
                alarm_name_pattern=names.alarm("*"),
                deletion_window_days=7 if settings.is_ephemeral else 30,
            ),
        ).outputs
        stream = TransactionStream(
            self,
            "stream",
            TransactionStreamConfig(
                name=names.stream,
                key_arn=key.arn,
                shard_count=settings.shard_count if settings.stream_mode == "provisioned" else None,
                retention_hours=settings.retention_hours,
                ephemeral=settings.is_ephemeral,
            ),
        ).outputs
        ledger = Ledger(
            self,
            "ledger",
            LedgerConfig(name=names.ledger, key_arn=key.arn, deletion_protection=settings.deletion_protection),
        ).outputs
        quarantine = Quarantine(
            self,
            "quarantine",
            QuarantineConfig(name=names.quarantine_bucket, key_arn=key.arn, ephemeral=settings.is_ephemeral),
        ).outputs
        dead_letter = DeadLetter(
            self,
            "dead-letter",
            DeadLetterConfig(
                queue_name=names.dead_letter_queue,
                rule_name=names.quarantine_rule,
                bucket_name=names.quarantine_bucket,
                key_arn=key.arn,
                place=place,
            ),
        ).outputs

        role = FunctionRole(
            self,
            "role",
            FunctionRoleConfig(
                name=names.function_role,
                place=place,
                function_name=names.function,
                log_group=names.function_log_group,
                stream_name=names.stream,
                ledger_name=names.ledger,
                bucket_name=names.quarantine_bucket,
                key_arn=key.arn,
                boundary_arn=boundary_arn,
            ),
        ).outputs
        network = Network(
            self,
            "network",
            NetworkConfig(
                names=names,
                place=place,
                key_arn=key.arn,
                interface_endpoints=settings.interface_endpoints,
                boundary_arn=boundary_arn,
                flow_logs=settings.flow_logs,
                log_retention_days=settings.log_retention_days,
            ),
            # So that the role outlives what Lambda needs it for when all is destroyed.
            after=(role.policy,),
        ).outputs

        function = Function(
            self,
            "processor",
            FunctionConfig(
                name=names.function,
                log_group=names.function_log_group,
                log_retention_days=settings.log_retention_days,
                bundle=bundle.build(FUNCTION_PACKAGE, Path(cdktf.App.of(self).outdir) / "bundles" / "function.zip"),
                handler=HANDLER,
                architecture=settings.architecture,
                memory_mb=settings.memory_mb,
                timeout_seconds=settings.timeout_seconds,
                reserved_concurrency=settings.reserved_concurrency,
                environment={
                    "LEDGER_TABLE": names.ledger,
                    "QUARANTINE_BUCKET": names.quarantine_bucket,
                    "QUARANTINE_OWNER": place.account,
                },
                key_arn=key.arn,
                role_arn=role.arn,
                subnet_ids=network.subnet_ids,
                security_group_id=network.function_group_id,
            ),
            after=(role.policy,),
        ).outputs
        source = EventSource(
            self,
            "source",
            EventSourceConfig(
                stream_arn=stream.arn,
                function_arn=function.arn,
                failed_records_bucket_arn=quarantine.arn,
                batch_size=settings.batch_size,
                batching_window_seconds=settings.batching_window_seconds,
                parallelization_factor=settings.parallelization_factor,
                retry_attempts=settings.retry_attempts,
                record_age_seconds=settings.record_age_seconds,
            ),
            # The first record finds a way out, a ledger, and a quarantine that somebody hears of.
            after=(*network.ways_out, ledger.table, quarantine.announces, dead_letter.listens),
        ).outputs

        monitoring = Monitoring(
            self,
            "monitoring",
            MonitoringConfig(settings=settings, names=names, place=place, key_arn=key.arn, mapping_id=source.uuid),
        ).outputs

        self._output(
            vpc_id=network.vpc_id,
            private_subnet_ids=list(network.subnet_ids),
            kms_key_id=key.id,
            kms_key_arn=key.arn,
            dynamodb_table_name=ledger.name,
            dynamodb_table_arn=ledger.arn,
            kinesis_stream_name=stream.name,
            kinesis_stream_arn=stream.arn,
            lambda_function_name=function.name,
            lambda_function_arn=function.arn,
            cloudwatch_log_group_name=function.log_group,
            lambda_security_group_id=network.function_group_id,
            lambda_error_alarm_name=monitoring.alarm_names["lambda-errors"],
            dynamodb_throttle_alarm_name=monitoring.alarm_names["dynamodb-throttle"],
            alarm_topic_arn=monitoring.topic_arn,
            quarantine_bucket_name=quarantine.name,
            dead_letter_queue_url=dead_letter.queue_url,
        )

    def _choose_provider(self, settings: Settings) -> None:
        """Tag everything. Account, Region and endpoint are the environment's business, not the artifact's."""
        default_tags = tags(
            suffix=settings.environment_suffix,
            ephemeral=settings.is_ephemeral,
            run_id=settings.run_id,
            expires_at=settings.expires_at,
        )
        AwsProvider(self, "aws", default_tags=[AwsProviderDefaultTags(tags=default_tags)])

    def _choose_state(self, id_: str, settings: Settings) -> None:
        state = f"{id_}-{settings.environment_suffix}.tfstate"
        if settings.state_bucket is None:
            # Relative: CDKTF's own default would write this machine's folder into the artifact.
            cdktf.LocalBackend(self, path=f"terraform.{state}")
        else:
            cdktf.S3Backend(self, bucket=settings.state_bucket, key=f"{id_}/{state}", encrypt=True)
            # Newer than CDKTF's own S3Backend: the lock is an object beside the state, no table is needed.
            self.add_override("terraform.backend.s3.use_lockfile", value=True)

    def _output(self, **values: str | list[str]) -> None:
        for name, value in values.items():
            cdktf.TerraformOutput(self, name, value=value)
