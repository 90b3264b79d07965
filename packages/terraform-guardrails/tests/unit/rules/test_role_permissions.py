"""Roles that lack something, have too much, or name actions that do not exist."""

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
    """A sound function: it reads a stream, writes a table, and what fails goes to a bucket; all under one key."""
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


LACKING: dict[str, tuple[Change, str]] = {
    "reading the stream": (without(STREAM, "kinesis:GetRecords"), "kinesis:GetRecords"),
    "listing the shards": (without(STREAM, "kinesis:ListShards"), "kinesis:ListShards"),
    "the stream of another": (
        instead(STREAM, Resource=f"arn:aws:kinesis:{ACCOUNT}:stream/other"),
        "kinesis:DescribeStream",
    ),
    "writing logs": (without(LOGS, "logs:PutLogEvents"), "logs:PutLogEvents"),
    "the streams of the log group": (instead(LOGS, Resource="${aws_cloudwatch_log_group.g.arn}"), "logs:"),
    "interfaces in the VPC": (without(NETWORK, "ec2:CreateNetworkInterface"), "ec2:CreateNetworkInterface"),
    "putting what failed": (without(OBJECTS, "s3:PutObject"), "s3:PutObject"),
    "the bucket, not its objects": (instead(OBJECTS, Resource="${aws_s3_bucket.b.arn}"), "s3:PutObject"),
    "listing the bucket": (without(BUCKET, "s3:ListBucket"), "s3:ListBucket"),
    "decrypting": (without(KEY, "kms:Decrypt"), "kms:Decrypt"),
    "encrypting what failed": (without(KEY, "kms:GenerateDataKey"), "kms:GenerateDataKey"),
    "the key through another service": (
        instead(KEY, Condition={"StringEquals": {"kms:ViaService": "sqs.us-east-1.amazonaws.com"}}),
        "kms:Decrypt",
    ),
    "the table in the environment": (allowing(*[each for each in ALL if each is not TABLE]), "nothing on it"),
    "what is denied": (
        allowing(*ALL, {"Effect": "Deny", "Action": "kinesis:*", "Resource": "*"}),
        "kinesis:DescribeStream",
    ),
    "Lambda's trust": (role(assume_role_policy=trust("ec2.amazonaws.com")), "does not let Lambda assume it"),
    "tracing": (
        lambda resources: resources["aws_lambda_function"]["f"].update(tracing_config={"mode": "Active"}),
        "xray:PutTelemetryRecords",
    ),
}

TOO_MUCH: dict[str, tuple[Change, str, str]] = {
    "every action": (also(Action="*"), "warning", "allows *: everything"),
    "every action of a service": (also(Action="dynamodb:*"), "warning", "allows dynamodb:*: everything"),
    "every table": (also(Action="dynamodb:GetItem", Resource="*"), "warning", "on every resource"),
    "a misspelt action": (also(Action="dynamodb:PutItems"), "error", "dynamodb:PutItems"),
    "an action of another service": (also(Action="kinesis:SendMessage"), "warning", "kinesis:SendMessage"),
    "a service that is none": (also(Action="dinamodb:PutItem"), "warning", "dinamodb:PutItem"),
    "a pattern that means nothing": (also(Action="dynamodb:Putt*"), "warning", "dynamodb:Putt*"),
    "a misspelt action that is denied": (also(Effect="Deny", Action="s3:PutObjects"), "error", "s3:PutObjects"),
}

SOUND: dict[str, Change] = {
    "as it is": both(),
    "a pattern": instead(STREAM, Action=["kinesis:Get*", "kinesis:Describe*", "kinesis:List*"]),
    "another case": instead(STREAM, Action=[action.upper() for action in STREAM["Action"]]),
    "an ARN in words": instead(STREAM, Resource=f"arn:aws:kinesis:{ACCOUNT}:stream/orders-dev"),
    "an ARN with a wildcard": instead(STREAM, Resource=f"arn:aws:kinesis:{ACCOUNT}:stream/orders-*"),
    "the log group in words": instead(LOGS, Resource=f"arn:aws:logs:{ACCOUNT}:log-group:/aws/lambda/orders-dev:*"),
    "a policy inside the role": both(
        lambda resources: resources.pop("aws_iam_role_policy"),
        role(inline_policy=[{"name": "p", "policy": policy(*ALL)}]),
    ),
    "a managed policy of the stack": both(
        lambda resources: resources.pop("aws_iam_role_policy"),
        lambda resources: resources.update(aws_iam_policy={"p": {"name": "p", "policy": policy(*ALL)}}),
        attached("${aws_iam_policy.p.arn}"),
    ),
    "AWS's own policy for a VPC, in the role": both(
        allowing(*[each for each in ALL if each not in (NETWORK, LOGS)]),
        role(managed_policy_arns=["arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"]),
    ),
    "AWS's own policy for a VPC": both(
        allowing(*[each for each in ALL if each not in (NETWORK, LOGS)]),
        attached("arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"),
    ),
    "the key through its services": instead(
        KEY,
        Condition={
            "StringEquals": {
                "kms:ViaService": [f"{each}.us-east-1.amazonaws.com" for each in ("s3", "kinesis", "dynamodb")]
            }
        },
    ),
    "a denial under a condition": allowing(
        *ALL,
        {
            "Effect": "Deny",
            "Action": "ec2:CreateNetworkInterface",
            "Resource": "*",
            "Condition": {"ArnEquals": {"lambda:SourceFunctionArn": f"arn:aws:lambda:{ACCOUNT}:function:orders-dev"}},
        },
    ),
    "every resource under a condition": also(
        Action="dynamodb:GetItem", Resource="*", Condition={"StringEquals": {"aws:ResourceTag/app": "orders"}}
    ),
    "an action that knows no resource": also(Action="xray:PutTraceSegments", Resource="*"),
    "everything that begins the same": also(Action="kms:GenerateDataKey*", Resource="${aws_kms_key.k.arn}"),
    "a variable that only happens to be named the same": lambda resources: resources["aws_lambda_function"]["f"][
        "environment"
    ]["variables"].update(STAGE="a/orders-dev"),
}


@pytest.mark.parametrize(("change", "action"), LACKING.values(), ids=LACKING)
def test_what_a_role_lacks_is_found(found: Found, change: Change, action: str) -> None:
    resources = stack()
    change(resources)

    findings = found(NAME, {"resource": resources})

    assert {(finding.severity, finding.address) for finding in findings} == {("error", ROLE)}
    assert action in findings[0].problem


@pytest.mark.parametrize(("change", "severity", "problem"), TOO_MUCH.values(), ids=TOO_MUCH)
def test_what_a_policy_should_not_say_is_found(found: Found, change: Change, severity: str, problem: str) -> None:
    resources = stack()
    change(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert (finding.severity, finding.address) == (severity, POLICY)
    assert problem in finding.problem


@pytest.mark.parametrize("change", SOUND.values(), ids=SOUND)
def test_a_role_with_all_that_it_needs_is_no_finding(found: Found, change: Change) -> None:
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
def test_each_kind_of_source_needs_its_own_actions(found: Found, source: dict[str, Any], actions: str) -> None:
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


def test_a_finding_names_what_lacks_and_why(found: Found) -> None:
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


def test_a_misspelt_action_is_shown_with_the_right_one(found: Found) -> None:
    resources = stack()
    also(Action="dynamodb:PutItems")(resources)

    (finding,) = found(NAME, {"resource": resources})

    assert (finding.problem, finding.remedy) == (
        "Statement 'S' names dynamodb:PutItems, which the catalogue does not know: it has no effect.",
        "Write dynamodb:PutItem.",
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
    ids=["a policy that the catalogue lacks", "a policy in a variable", "a role of another stack", "a resource"],
)
def test_what_is_not_known_is_not_judged(
    unjudged: Callable[[str, dict[str, Any]], list[tuple[str, str]]], change: Change, address: str, reason: str
) -> None:
    resources = stack()
    change(resources)

    ((where, why),) = unjudged(NAME, {"resource": resources})

    assert where == address
    assert why.startswith(reason)
    assert why.endswith(" is not known before apply")
