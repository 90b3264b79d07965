"""The Lambda function that validates transactions and writes them to the ledger, and its log group."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import cdktf
from cdktf_cdktf_provider_aws import lambda_function as lambda_
from cdktf_cdktf_provider_aws.cloudwatch_log_group import CloudwatchLogGroup
from cdktf_cdktf_provider_aws.lambda_alias import LambdaAlias
from constructs import Construct

from modules.checkov_suppressions import COMMENT, SHORT_LOG_RETENTION, accept
from modules.naming import METRIC_NAMESPACE, METRICS
from modules.processor.bundle import build

_PACKAGE = Path(__file__).parents[2] / "lambda_src" / "transaction_processor"
_HANDLER = "transaction_processor.handler.handle"


class Function(Construct):
    """A Python function in the VPC, with an encrypted environment and a log group that Terraform creates.

    A deployment that changes the function publishes a version and moves the alias to it. An operator can move the alias
    back: docs/adr/0006-roll-back-with-an-alias.md.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        alias: str,
        log_group: str,
        log_retention_days: int,
        architecture: str,
        memory_mb: int,
        timeout_seconds: int,
        reserved_concurrency: int | None,
        environment: Mapping[str, str],
        key_arn: str,
        role_arn: str,
        subnet_ids: Sequence[str],
        security_group_id: str,
        depends_on: Sequence[cdktf.ITerraformDependable],
    ) -> None:
        super().__init__(scope, id_)
        logs = CloudwatchLogGroup(
            self, "logs", name=log_group, retention_in_days=log_retention_days, kms_key_id=key_arn
        )
        bundle = Path(cdktf.App.of(self).outdir) / "bundles" / "function.zip"
        digest = build(_PACKAGE, bundle)
        code = cdktf.TerraformAsset(self, "code", path=str(bundle), type=cdktf.AssetType.FILE)
        network = lambda_.LambdaFunctionVpcConfig(subnet_ids=list(subnet_ids), security_group_ids=[security_group_id])
        function = lambda_.LambdaFunction(
            self,
            "function",
            function_name=name,
            description="Validates transactions and writes each one once to the ledger",
            filename=code.path,
            source_code_hash=digest,
            handler=_HANDLER,
            runtime="python3.13",
            architectures=[architecture],
            memory_size=memory_mb,
            timeout=timeout_seconds,
            reserved_concurrent_executions=reserved_concurrency,
            environment=lambda_.LambdaFunctionEnvironment(variables=dict(environment)),
            kms_key_arn=key_arn,
            role=role_arn,
            publish=True,
            vpc_config=network,
            logging_config=lambda_.LambdaFunctionLoggingConfig(log_format="JSON", log_group=logs.name),
            depends_on=list(depends_on),
        )
        live = LambdaAlias(
            self,
            "alias",
            name=alias,
            description="The version that the event source mapping invokes",
            function_name=function.function_name,
            function_version=function.version,
        )
        # The guardrails compare the alarms with these metrics, which Terraform itself does not know.
        emitted = {metric: [["FunctionName"]] for metric in METRICS}
        function.add_override(f"{COMMENT}.emits.{METRIC_NAMESPACE}", emitted)
        accept(logs, SHORT_LOG_RETENTION)
        accept(
            function,
            {
                "CKV_AWS_50": "Metrics and logs show the result of each batch. X-Ray needs wider permissions.",
                "CKV_AWS_115": "Shards x PARALLELIZATION_FACTOR limit its concurrency, as can RESERVED_CONCURRENCY.",
                "CKV_AWS_116": "An event source mapping does not use it. Failed records go to the quarantine bucket.",
                "CKV_AWS_272": "Synthesis writes the zip from this repository into the folder that Terraform applies.",
            },
        )
        self.name = function.function_name
        self.arn = function.arn
        self.alias_arn = live.arn
        self.log_group = logs.name
