"""Builds `data/resource_names.json` with the limits for names, from botocore and from the service guides.

Run `python -m tools catalogue names`.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import botocore
from botocore.loaders import Loader

import terraform_guardrails

TARGET = Path(terraform_guardrails.__file__).parent / "data" / "resource_names.json"


@dataclass(frozen=True, slots=True)
class Name:
    """The attribute with the name of a resource type, and the source of the limits for it."""

    type: str
    attribute: str
    shared_within: str
    service: str
    shape: str = ""
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None


# fmt: off
NAMES = [
    Name("aws_cloudwatch_composite_alarm", "alarm_name", "Region", "cloudwatch", "AlarmName"),
    Name("aws_cloudwatch_dashboard", "dashboard_name", "account", "cloudwatch", "", 1, 255, "[A-Za-z0-9_-]+"),
    Name("aws_cloudwatch_event_bus", "name", "Region", "events", "EventBusName"),
    Name("aws_cloudwatch_event_rule", "name", "Region", "events", "RuleName"),
    Name("aws_cloudwatch_log_group", "name", "Region", "logs", "LogGroupName"),
    Name("aws_cloudwatch_metric_alarm", "alarm_name", "Region", "cloudwatch", "AlarmName"),
    Name("aws_db_instance", "identifier", "Region", "rds guide", "", 1, 63, "[A-Za-z](?:-?[A-Za-z0-9])*"),
    Name("aws_dynamodb_table", "name", "Region", "dynamodb", "TableName"),
    Name("aws_ecr_repository", "name", "Region", "ecr", "RepositoryName"),
    Name("aws_iam_group", "name", "account", "iam", "groupNameType"),
    Name("aws_iam_instance_profile", "name", "account", "iam", "instanceProfileNameType"),
    Name("aws_iam_policy", "name", "account", "iam", "policyNameType"),
    Name("aws_iam_role", "name", "account", "iam", "roleNameType"),
    Name("aws_iam_role_policy", "name", "", "iam", "policyNameType"),
    Name("aws_iam_user", "name", "account", "iam", "userNameType"),
    Name("aws_kinesis_firehose_delivery_stream", "name", "Region", "firehose", "DeliveryStreamName"),
    Name("aws_kinesis_stream", "name", "Region", "kinesis", "StreamName"),
    Name("aws_kms_alias", "name", "Region", "kms", "AliasNameType", pattern="alias/[a-zA-Z0-9/_-]+"),
    # The model allows an ARN of 140 characters. The service rejects names of more than 64 characters.
    Name("aws_lambda_function", "function_name", "Region", "lambda", "FunctionName", None, 64, "[A-Za-z0-9_-]+"),
    Name("aws_lambda_layer_version", "layer_name", "Region", "lambda", "LayerName"),
    Name("aws_pipes_pipe", "name", "Region", "pipes", "PipeName"),
    Name("aws_s3_bucket", "bucket", "world", "s3 guide", "", 3, 63, r"[a-z0-9](?!.*\.\.)[a-z0-9.-]*[a-z0-9]"),
    Name("aws_scheduler_schedule", "name", "Region", "scheduler", "Name"),
    Name("aws_secretsmanager_secret", "name", "Region", "secretsmanager", "NameType", pattern="[A-Za-z0-9/_+=.@-]+"),
    Name("aws_security_group", "name", "VPC", "ec2 guide", "", 1, 255, r"(?!sg-)[\w ._:/()#,@\[\]+=&;{}!$*-]+"),
    Name("aws_sfn_state_machine", "name", "Region", "stepfunctions", "Name", pattern="[A-Za-z0-9_-]+"),
    Name("aws_sns_topic", "name", "Region", "sns guide", "", 1, 256, r"[A-Za-z0-9_-]+(?:\.fifo)?"),
    Name("aws_sqs_queue", "name", "Region", "sqs guide", "", 1, 80, r"[A-Za-z0-9_-]+(?:\.fifo)?"),
    Name("aws_ssm_parameter", "name", "Region", "ssm", "PSParameterName"),
]
# fmt: on


def main() -> None:
    """Write one line per resource type."""
    lines = [f"    {json.dumps(name.type)}: {json.dumps(_limits(name))}" for name in NAMES]
    source = f"botocore {botocore.__version__}, and the service guides where it has no limit"
    head = f'{{\n  "source": "{source}",\n  "names": {{\n'
    TARGET.write_text(head + ",\n".join(lines) + "\n  }\n}\n")


def _limits(name: Name) -> dict[str, str | int | None]:
    shape = Loader().load_service_model(name.service, "service-2")["shapes"][name.shape] if name.shape else {}
    pattern = name.pattern or shape.get("pattern")
    return {
        "attribute": name.attribute,
        "shared_within": name.shared_within,
        "shortest": name.shortest or shape.get("min"),
        "longest": name.longest or shape.get("max"),
        "pattern": pattern,
        "source": name.service if name.pattern and not name.shape else f"botocore {name.service}.{name.shape}",
    }
