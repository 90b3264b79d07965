"""The Lambda function that validates transactions and writes them to the ledger, and its log group."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cdktf
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.lambda_function import (
    LambdaFunction,
    LambdaFunctionEnvironment,
    LambdaFunctionLoggingConfig,
    LambdaFunctionVpcConfig,
)
from constructs import Construct

from modules.checkov_suppressions import COMMENT, LOGS_MAY_GO, accept
from modules.naming import METRIC_NAMESPACE, METRICS
from modules.processor.bundle import Bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionConfig:
    """What the caller decides."""

    name: str
    log_group: str
    log_retention_days: int
    bundle: Bundle
    handler: str
    architecture: str
    memory_mb: int
    timeout_seconds: int
    reserved_concurrency: int | None
    environment: Mapping[str, str]
    key_arn: str
    role_arn: str
    subnet_ids: tuple[str, ...]
    security_group_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FunctionOutputs:
    """References to the function and its log group."""

    name: str
    arn: str
    log_group: str


class Function(Construct):
    """A Python function in the VPC with an encrypted environment, logging to a group that Terraform owns."""

    def __init__(
        self, scope: Construct, id_: str, config: FunctionConfig, *, after: Sequence[cdktf.ITerraformDependable]
    ) -> None:
        super().__init__(scope, id_)
        logs = CloudwatchLogGroup(
            self, "logs", name=config.log_group, retention_in_days=config.log_retention_days, kms_key_id=config.key_arn
        )
        code = cdktf.TerraformAsset(self, "code", path=str(config.bundle.path), type=cdktf.AssetType.FILE)
        function = LambdaFunction(
            self,
            "function",
            function_name=config.name,
            description="Validates transactions and writes each of them once to the ledger",
            filename=code.path,
            source_code_hash=config.bundle.sha256_base64,
            handler=config.handler,
            runtime="python3.13",
            architectures=[config.architecture],
            memory_size=config.memory_mb,
            timeout=config.timeout_seconds,
            reserved_concurrent_executions=config.reserved_concurrency,
            environment=LambdaFunctionEnvironment(variables=dict(config.environment)),
            kms_key_arn=config.key_arn,
            role=config.role_arn,
            vpc_config=LambdaFunctionVpcConfig(
                subnet_ids=list(config.subnet_ids), security_group_ids=[config.security_group_id]
            ),
            logging_config=LambdaFunctionLoggingConfig(log_format="JSON", log_group=logs.name),
            depends_on=list(after),
        )
        # The guardrails hold the alarms against this: no one else can tell which metrics the code emits.
        emitted = {metric: [["FunctionName"]] for metric in METRICS}
        function.add_override(f"{COMMENT}.emits.{METRIC_NAMESPACE}", emitted)
        accept(logs, LOGS_MAY_GO)
        accept(
            function,
            {
                "CKV_AWS_50": "No trace leaves the VPC; the metrics and logs of each batch say what became of it.",
                "CKV_AWS_115": "Shards x PARALLELIZATION_FACTOR bound its concurrency; RESERVED_CONCURRENCY may.",
                "CKV_AWS_116": "An event source mapping never uses it: failed records go to the quarantine bucket.",
                "CKV_AWS_272": "The artifact is built from this repository in the same run that deploys it.",
            },
        )
        self.outputs = FunctionOutputs(name=function.function_name, arn=function.arn, log_group=logs.name)
