"""The transaction pipeline: every construct, wired."""

import cdktf
from cdktf_cdktf_provider_aws.provider import AwsProvider, AwsProviderDefaultTags
from constructs import Construct

from modules.account import Account
from modules.arns import Arns
from modules.backend import add_backend
from modules.monitoring.monitoring import Monitoring
from modules.naming import Names, tags
from modules.network.network import Network
from modules.processor.event_source import EventSource
from modules.processor.function import Function
from modules.processor.role import FunctionRole
from modules.settings import Settings
from modules.storage.capacity import capacity
from modules.storage.dead_letter import DeadLetter
from modules.storage.key import EncryptionKey
from modules.storage.ledger import Ledger
from modules.storage.producer_policy import producer_policy
from modules.storage.quarantine import Quarantine
from modules.storage.stream import TransactionStream


class TransactionPipelineStack(cdktf.TerraformStack):
    """One environment of the pipeline."""

    def __init__(self, scope: Construct, id_: str, settings: Settings) -> None:
        super().__init__(scope, id_)
        suffix, ephemeral = settings.environment_suffix, settings.ephemeral
        default_tags = tags(suffix=suffix, ephemeral=ephemeral, run_id=settings.run_id, expires_at=settings.expires_at)
        # Account, Region and endpoint are not part of the artifact. The environment of `terraform apply` chooses them.
        AwsProvider(self, "aws", default_tags=[AwsProviderDefaultTags(tags=default_tags)])
        add_backend(self, name=id_, suffix=suffix, bucket=settings.state_bucket)

        account = Account(self, "place")
        names = Names(suffix=suffix, account_id=account.id, ledger=settings.ledger_table)
        arns = Arns(names=names, account=account)
        boundary_arn = arns.policy(settings.permissions_boundary)

        key = EncryptionKey(
            self,
            "key",
            alias=names.key_alias,
            account=account,
            root_arn=arns.root,
            log_group_arns=[arns.function_log_group, *([arns.flow_log_group] if settings.flow_logs else [])],
            alarms_arn=arns.alarms,
            ephemeral=ephemeral,
        )
        stream = TransactionStream(
            self,
            "stream",
            name=names.stream,
            key_arn=key.arn,
            shard_count=settings.shard_count if settings.stream_mode == "provisioned" else None,
            retention_hours=settings.retention_hours,
            ephemeral=ephemeral,
        )
        ledger = Ledger(
            self,
            "ledger",
            name=names.ledger,
            key_arn=key.arn,
            has_customer_index=settings.customer_index,
            capacity=capacity(min_write_units=settings.min_write_units, max_write_units=settings.max_write_units),
            scaling_policy_name=names.scaling_policy,
            ephemeral=ephemeral,
        )
        quarantine = Quarantine(
            self,
            "quarantine",
            name=names.quarantine_bucket,
            key_arn=key.arn,
            retention_days=settings.quarantine_retention_days,
            lock_days=settings.quarantine_lock_days,
            ephemeral=ephemeral,
        )
        dead_letter = DeadLetter(
            self,
            "dead-letter",
            queue_name=names.dead_letter_queue,
            queue_arn=arns.dead_letter_queue,
            rule_name=names.quarantine_rule,
            rule_arn=arns.quarantine_rule,
            bucket_name=names.quarantine_bucket,
            key_arn=key.arn,
        )
        role = FunctionRole(
            self,
            "role",
            name=names.function_role,
            policy_name=names.function_policy,
            account=account,
            boundary_arn=boundary_arn,
            function_arn=arns.function,
            log_group_arn=arns.function_log_group,
            stream_arn=arns.stream,
            ledger_arn=arns.ledger,
            bucket_arn=arns.quarantine_bucket,
            key_arn=key.arn,
        )

        network = Network(
            self,
            "network",
            settings=settings,
            names=names,
            arns=arns,
            account=account,
            key_arn=key.arn,
            role=role,
            boundary_arn=boundary_arn,
        )
        function = Function(
            self,
            "processor",
            name=names.function,
            alias=names.function_alias,
            log_group=names.function_log_group,
            log_retention_days=settings.log_retention_days,
            architecture=settings.architecture,
            memory_mb=settings.memory_mb,
            timeout_seconds=settings.timeout_seconds,
            reserved_concurrency=settings.reserved_concurrency,
            environment={
                "LEDGER_TABLE": names.ledger,
                "QUARANTINE_BUCKET": names.quarantine_bucket,
                "QUARANTINE_OWNER": account.id,
            },
            key_arn=key.arn,
            role_arn=role.arn,
            subnet_ids=network.subnet_ids,
            security_group_id=network.function_group_id,
            # AWS needs time to apply the role's policy. A function that is created too soon can fail, and the provider
            # does not retry it: github.com/hashicorp/terraform-provider-aws/issues/29828. The ledger takes longer.
            depends_on=[role.policy, ledger.table],
        )
        source = EventSource(
            self,
            "source",
            stream_arn=stream.arn,
            function_arn=function.alias_arn,
            failed_records_bucket_arn=quarantine.arn,
            batch_size=settings.batch_size,
            batching_window_seconds=settings.batching_window_seconds,
            parallelization_factor=settings.parallelization_factor,
            retry_attempts=settings.retry_attempts,
            record_age_seconds=settings.record_age_seconds,
            # The first record needs the network, the ledger and a quarantine that sends its events.
            depends_on=[*network.egress_rules, ledger.table, quarantine.notification, dead_letter.target],
        )

        monitoring = Monitoring(
            self,
            "monitoring",
            settings=settings,
            names=names,
            arns=arns,
            account=account,
            key_arn=key.arn,
            mapping_uuid=source.uuid,
        )

        outputs = {
            "vpc_id": network.vpc_id,
            "private_subnet_ids": network.subnet_ids,
            "kms_key_id": key.id,
            "kms_key_arn": key.arn,
            "dynamodb_table_name": ledger.name,
            "dynamodb_table_arn": ledger.arn,
            "kinesis_stream_name": stream.name,
            "kinesis_stream_arn": stream.arn,
            "lambda_function_name": function.name,
            "lambda_function_arn": function.arn,
            "cloudwatch_log_group_name": function.log_group,
            "lambda_security_group_id": network.function_group_id,
            "lambda_error_alarm_name": monitoring.alarms["lambda-errors"].name,
            "dynamodb_throttle_alarm_name": monitoring.alarms["dynamodb-throttle"].name,
            "alarm_topic_arn": monitoring.topic_arn,
            "quarantine_bucket_name": quarantine.name,
            "dead_letter_queue_url": dead_letter.queue_url,
            "producer_policy": producer_policy(stream_arn=arns.stream, key_arn=key.arn),
        }
        for name, value in outputs.items():
            cdktf.TerraformOutput(self, name, value=value)
