"""Missing permissions, wildcards, and actions that do not exist."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]
type Change = Callable[[dict[str, Any]], object]

NAME = "role-permissions"
ROLE = "aws_iam_role.r"
POLICY = "aws_iam_role_policy.p"
ACCOUNT = "us-east-1:${data.aws_caller_identity.current.account_id}"

LOGS = {"Action": ["logs:CreateLogStream", "logs:PutLogEvents"], "Resource": "${aws_cloudwatch_log_group.g.arn}:*"}
STREAM = {
    "Action": ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"],
    "Resource": "${aws_kinesis_stream.s.arn}",
}
TABLE = {"Action": ["dynamodb:PutItem"], "Resource": f"arn:aws:dynamodb:{ACCOUNT}:table/orders-dev"}
BUCKET = {"Action": ["s3:ListBucket"], "Resource": "${aws_s3_bucket.b.arn}"}
OBJECTS = {"Action": ["s3:PutObject"], "Resource": "${aws_s3_bucket.b.arn}/*"}
KEY = {"Action": ["kms:Decrypt", "kms:GenerateDataKey"], "Resource": "${aws_kms_key.k.arn}"}
NETWORK = {
    "Action": ["ec2:CreateNetworkInterface", "ec2:DeleteNetworkInterface", "ec2:DescribeNetworkInterfaces"],
    "Resource": "*",
}
ALL = (LOGS, STREAM, TABLE, BUCKET, OBJECTS, KEY, NETWORK)


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Statement": [{"Sid": "S", "Effect": "Allow", **statement} for statement in statements]})


def trust(service: str) -> str:
    return policy({"Principal": {"Service": service}, "Action": "sts:AssumeRole"})


def stack() -> dict[str, Any]:
    """Return a valid function: it reads a stream, writes to a table and sends failures to a bucket, with one key."""
    encryption = {"apply_server_side_encryption_by_default": {"kms_master_key_id": "${aws_kms_key.k.arn}"}}
    return {
        "aws_cloudwatch_log_group": {"g": {"name": "/aws/lambda/orders-dev"}},
        "aws_dynamodb_table": {
            "t": {"name": "orders-dev", "server_side_encryption": {"kms_key_arn": "${aws_kms_key.k.arn}"}}
        },
        "aws_iam_role": {"r": {"name": "orders-role-dev", "assume_role_policy": trust("lambda.amazonaws.com")}},
        "aws_iam_role_policy": {"p": {"role": "${aws_iam_role.r.id}", "policy": policy(*ALL)}},
        "aws_kinesis_stream": {"s": {"name": "orders-dev", "kms_key_id": "${aws_kms_key.k.arn}"}},
        "aws_kms_key": {"k": {}},
        "aws_lambda_event_source_mapping": {
            "m": {
                "function_name": "${aws_lambda_function.f.arn}",
                "event_source_arn": "${aws_kinesis_stream.s.arn}",
                "destination_config": {"on_failure": {"destination_arn": "${aws_s3_bucket.b.arn}"}},
            }
        },
        "aws_lambda_function": {
            "f": {
                "function_name": "orders-dev",
                "role": "${aws_iam_role.r.arn}",
                "environment": {"variables": {"TABLE": "orders-dev", "STAGE": "dev"}},
                "vpc_config": {"subnet_ids": ["${aws_subnet.s.id}"], "security_group_ids": []},
            }
        },
        "aws_s3_bucket": {"b": {"bucket": "orders-dev-1"}},
        "aws_s3_bucket_server_side_encryption_configuration": {"e": {"bucket": "orders-dev-1", "rule": [encryption]}},
        "aws_subnet": {"s": {}},
    }


def allowing(*statements: dict[str, Any]) -> Change:
    return lambda resources: resources["aws_iam_role_policy"]["p"].update(policy=policy(*statements))


def without(statement: dict[str, Any], *actions: str) -> Change:
    rest = {**statement, "Action": [action for action in statement["Action"] if action not in actions]}
    return allowing(*[each for each in ALL if each is not statement], rest)


def instead(statement: dict[str, Any], **change: object) -> Change:
    return allowing(*[each for each in ALL if each is not statement], {**statement, **change})


def also(**statement: object) -> Change:
    return allowing(*ALL, {"Resource": "${aws_dynamodb_table.t.arn}", **statement})


def role(**change: object) -> Change:
    return lambda resources: resources["aws_iam_role"]["r"].update(change)


def attached(arn: str) -> Change:
    return lambda resources: resources.update(
        aws_iam_role_policy_attachment={"a": {"role": "orders-role-dev", "policy_arn": arn}}
    )


def both(*changes: Change) -> Change:
    return lambda resources: [change(resources) for change in changes]


MISSING: dict[str, tuple[Change, str]] = {
    "reading the stream": (without(STREAM, "kinesis:GetRecords"), "kinesis:GetRecords"),
    "listing the shards": (without(STREAM, "kinesis:ListShards"), "kinesis:ListShards"),
    "permissions on another stream": (
        instead(STREAM, Resource=f"arn:aws:kinesis:{ACCOUNT}:stream/other"),
        "kinesis:DescribeStream",
    ),
    "writing logs": (without(LOGS, "logs:PutLogEvents"), "logs:PutLogEvents"),
    "the streams of the log group": (instead(LOGS, Resource="${aws_cloudwatch_log_group.g.arn}"), "logs:"),
    "interfaces in the VPC": (without(NETWORK, "ec2:CreateNetworkInterface"), "ec2:CreateNetworkInterface"),
    "writing failures": (without(OBJECTS, "s3:PutObject"), "s3:PutObject"),
    "objects in the bucket": (instead(OBJECTS, Resource="${aws_s3_bucket.b.arn}"), "s3:PutObject"),
    "listing the bucket": (without(BUCKET, "s3:ListBucket"), "s3:ListBucket"),
    "decrypting": (without(KEY, "kms:Decrypt"), "kms:Decrypt"),
    "encrypting failures": (without(KEY, "kms:GenerateDataKey"), "kms:GenerateDataKey"),
    "the key through another service": (
        instead(KEY, Condition={"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}),
        "kms:Decrypt",
    ),
    "the table in the environment variables": (
        allowing(*[each for each in ALL if each is not TABLE]),
        "no action on it",
    ),
    "denied actions": (
        allowing(*ALL, {"Effect": "Deny", "Action": "kinesis:*", "Resource": "*"}),
        "kinesis:DescribeStream",
    ),
    "trust in Lambda": (role(assume_role_policy=trust("ec2.amazonaws.com")), "does not allow Lambda to assume it"),
    "tracing": (
        lambda resources: resources["aws_lambda_function"]["f"].update(tracing_config={"mode": "Active"}),
        "xray:PutTelemetryRecords",
    ),
}

EXCESSIVE: dict[str, tuple[Change, str, str]] = {
    "every action": (also(Action="*"), "warning", "allows *: every action"),
    "every action of a service": (also(Action="dynamodb:*"), "warning", "allows dynamodb:*: every action"),
    "every table": (also(Action="dynamodb:GetItem", Resource="*"), "warning", "on every resource"),
    "a misspelt action": (also(Action="dynamodb:PutItems"), "error", "dynamodb:PutItems"),
    "an action of another service": (also(Action="kinesis:SendMessage"), "warning", "kinesis:SendMessage"),
    "a service that does not exist": (also(Action="dinamodb:PutItem"), "warning", "dinamodb:PutItem"),
    "a pattern without a match": (also(Action="dynamodb:Putt*"), "warning", "dynamodb:Putt*"),
    "a misspelt action that is denied": (also(Effect="Deny", Action="s3:PutObjects"), "error", "s3:PutObjects"),
}

VALID: dict[str, Change] = {
    "the valid function": both(),
    "a pattern": instead(STREAM, Action=["kinesis:Get*", "kinesis:Describe*", "kinesis:List*"]),
    "another case": instead(STREAM, Action=[action.upper() for action in STREAM["Action"]]),
    "an ARN as text": instead(STREAM, Resource=f"arn:aws:kinesis:{ACCOUNT}:stream/orders-dev"),
    "an ARN with a wildcard": instead(STREAM, Resource=f"arn:aws:kinesis:{ACCOUNT}:stream/orders-*"),
    "the log group as text": instead(LOGS, Resource=f"arn:aws:logs:{ACCOUNT}:log-group:/aws/lambda/orders-dev:*"),
    "an inline policy of the role": both(
        lambda resources: resources.pop("aws_iam_role_policy"),
        role(inline_policy=[{"name": "p", "policy": policy(*ALL)}]),
    ),
    "a managed policy of the stack": both(
        lambda resources: resources.pop("aws_iam_role_policy"),
        lambda resources: resources.update(aws_iam_policy={"p": {"name": "p", "policy": policy(*ALL)}}),
        attached("${aws_iam_policy.p.arn}"),
    ),
    "an AWS managed policy in the role": both(
        allowing(*[each for each in ALL if each not in (NETWORK, LOGS)]),
        role(managed_policy_arns=["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]),
    ),
    "an attached AWS managed policy": both(
        allowing(*[each for each in ALL if each not in (NETWORK, LOGS)]),
        attached("arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"),
    ),
    "the key with kms:ViaService": instead(
        KEY,
        Condition={
            "StringEquals": {
                "kms:ViaService": [f"{each}.us-east-1.amazonaws.com" for each in ("s3", "kinesis", "dynamodb")]
            }
        },
    ),
    "a Deny statement with a condition": allowing(
        *ALL,
        {
            "Effect": "Deny",
            "Action": "ec2:CreateNetworkInterface",
            "Resource": "*",
            "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": f"arn:aws:lambda:{ACCOUNT}:function:orders-dev"}},
        },
    ),
    "every resource with a condition": also(
        Action="dynamodb:GetItem", Resource="*", Condition={"StringEquals": {"aws:ResourceTag/app": "orders"}}
    ),
    "an action without resource-level permissions": also(Action="xray:PutTraceSegments", Resource="*"),
    "a prefix of actions": also(Action="kms:GenerateDataKey*", Resource="${aws_kms_key.k.arn}"),
    "a variable that contains the name of the table": lambda resources: resources["aws_lambda_function"]["f"][
        "environment"
    ]["variables"].update(STAGE="a/orders-dev"),
}


@pytest.mark.parametrize(("change", "action"), MISSING.values(), ids=MISSING)
def test_a_missing_permission_is_found(found: Found, change: Change, action: str) -> None:
    resources = stack()
    change(resources)

    findings = found(NAME, {"resource": resources})

    assert {(finding.severity, finding.address) for finding in findings} == {("error", ROLE)}
    assert action in findings[0].problem


@pytest.mark.parametrize(("change", "severity", "problem"), EXCESSIVE.values(), ids=EXCESSIVE)
def test_a_wildcard_or_unknown_action_is_found(found: Found, change: Change, severity: str, problem: str) -> None:
    resources = stack()
    change(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert (finding.severity, finding.address) == (severity, POLICY)
    assert problem in finding.problem


@pytest.mark.parametrize("change", VALID.values(), ids=VALID)
def test_a_role_with_all_permissions_is_not_a_finding(found: Found, change: Change) -> None:
    resources = stack()
    change(resources)

    assert found(NAME, {"resource": resources}) == []


@pytest.mark.parametrize(
    ("source", "actions"),
    [
        ({"aws_sqs_queue": {"q": {"name": "q"}}}, "sqs:DeleteMessage, sqs:GetQueueAttributes, sqs:ReceiveMessage"),
        (
            {"aws_dynamodb_table": {"q": {"name": "q"}}},
            "dynamodb:DescribeStream, dynamodb:GetRecords, dynamodb:GetShardIterator, dynamodb:ListStreams",
        ),
    ],
    ids=["a queue", "a table's stream"],
)
def test_each_type_of_event_source_needs_other_actions(found: Found, source: dict[str, Any], actions: str) -> None:
    resources = stack()
    (type_,) = source
    arn = "stream_arn" if type_ == "aws_dynamodb_table" else "arn"
    resources.setdefault(type_, {}).update(source[type_])
    resources["aws_lambda_event_source_mapping"]["m"]["event_source_arn"] = f"${{{type_}.q.{arn}}}"

    (finding,) = found(NAME, {"resource": resources})

    wanted = ", ".join(
        action if action == "dynamodb:ListStreams" else f"{action} on {type_}.q" for action in actions.split(", ")
    )
    assert finding.problem == (
        f"aws_lambda_event_source_mapping.m reads {type_}.q, but the role does not allow {wanted}."
    )


@pytest.mark.parametrize(
    "name",
    [
        "${aws_lambda_alias.a.arn}",
        "${aws_lambda_function.f.qualified_arn}",
        f"arn:aws:lambda:{ACCOUNT}:function:orders-dev",
        f"arn:aws:lambda:{ACCOUNT}:function:orders-dev:live",
        "orders-dev",
        "orders-dev:live",
    ],
)
def test_mapping_belongs_to_the_function_of_its_version_or_alias(found: Found, name: str) -> None:
    resources = stack()
    without(STREAM, "kinesis:GetRecords")(resources)
    resources["aws_lambda_alias"] = {"a": {"name": "live", "function_name": "${aws_lambda_function.f.function_name}"}}
    resources["aws_lambda_event_source_mapping"]["m"]["function_name"] = name

    (finding,) = found(NAME, {"resource": resources})

    assert finding.problem == (
        "aws_lambda_event_source_mapping.m reads aws_kinesis_stream.s, but the role does not allow "
        "kinesis:GetRecords on aws_kinesis_stream.s."
    )


def test_the_finding_names_the_missing_action_and_its_use(found: Found) -> None:
    resources = stack()
    without(LOGS, "logs:PutLogEvents")(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address=ROLE,
        problem="aws_lambda_function.f writes its logs, but the role does not allow "
        "logs:PutLogEvents on aws_cloudwatch_log_group.g.",
        remedy="Allow logs:PutLogEvents on aws_cloudwatch_log_group.g.",
    )


def test_the_remedy_for_a_misspelt_action_is_the_right_one(found: Found) -> None:
    resources = stack()
    also(Action="dynamodb:PutItems")(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert (finding.problem, finding.remedy) == (
        "Statement 'S' names dynamodb:PutItems, which is not a known IAM action: it has no effect.",
        "Use dynamodb:PutItem.",
    )


@pytest.mark.parametrize(
    ("change", "address", "reason"),
    [
        (
            attached("arn:aws:iam::aws:policy/AdministratorAccess"),
            "aws_lambda_function.f",
            "arn:aws:iam::aws:policy/Admini",
        ),
        (attached("${var.policy}"), "aws_lambda_function.f", "var.policy"),
        (
            lambda resources: resources["aws_lambda_function"]["f"].update(role="arn:aws:iam::1:role/other"),
            "aws_lambda_function.f",
            "arn:aws:iam::1:role/other",
        ),
        (instead(STREAM, Resource="${var.stream}"), "aws_lambda_function.f", "var.stream"),
    ],
    ids=["an unknown AWS managed policy", "a policy in a variable", "a role of another stack", "a resource"],
)
def test_an_unknown_value_makes_the_check_inconclusive(
    inconclusive: Callable[[str, dict[str, Any]], list[tuple[str, str]]], change: Change, address: str, reason: str
) -> None:
    resources = stack()
    change(resources)

    ((where, why),) = inconclusive(NAME, {"resource": resources})

    assert where == address
    assert why.startswith(reason)
    assert why.endswith(" is not known before apply")
