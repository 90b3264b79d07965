"""Key policies and grants that name a role or user of the same stack."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]

NAME = "key-policy-principal"
ROOT = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root"
ROLE = {"r": {"name": "processor-dev"}}
USER = {"u": {"name": "auditor-dev"}}


def policy(**statement: object) -> str:
    return json.dumps({"Statement": [{"Sid": "S", "Effect": "Allow", "Action": "kms:*", "Resource": "*", **statement}]})


def key(value: object, **more: object) -> dict[str, Any]:
    return {"resource": {"aws_kms_key": {"k": {"policy": value}}, "aws_iam_role": ROLE, "aws_iam_user": USER}, **more}


def document(**statement: object) -> dict[str, Any]:
    return {"aws_iam_policy_document": {"d": {"statement": [{"actions": ["kms:*"], "resources": ["*"], **statement}]}}}


INVALID: dict[str, dict[str, Any]] = {
    "by reference": key(policy(Principal={"AWS": "${aws_iam_role.r.arn}"})),
    "by reference to a user": key(policy(Principal={"AWS": ["${aws_iam_user.u.arn}"]})),
    "by the ARN as text": key(policy(Principal={"AWS": "arn:aws:iam::123456789012:role/processor-dev"})),
    "by an ARN with a path": key(policy(Principal={"AWS": "arn:aws:iam::123456789012:role/service/processor-dev"})),
    "by an ARN with the account as a reference": key(policy(Principal={"AWS": ROOT[:-4] + "role/processor-dev"})),
    "by name": key(policy(Principal={"AWS": "processor-dev"})),
    "by an ARN with the name as a reference": key(
        policy(Principal={"AWS": "arn:aws:iam::123456789012:role/${aws_iam_role.r.name}"})
    ),
    "by a session": key(policy(Principal={"AWS": "arn:aws:sts::123456789012:assumed-role/processor-dev/session"})),
    "by a local value": key(
        policy(Principal={"AWS": "${local.who}"}), locals={"who": "${local.other}", "other": "${aws_iam_role.r.arn}"}
    ),
    "by a list in a local value": key(
        '${jsonencode({"Statement" = [{"Principal" = {"AWS" = local.who}, "Effect" = "Allow"}]})}',
        locals={"who": ["${aws_iam_role.r.arn}"]},
    ),
    "in NotPrincipal": key(policy(Effect="Deny", NotPrincipal={"AWS": ["${aws_iam_role.r.arn}"]})),
    "in a condition": key(
        policy(Principal="*", Condition={"ArnEquals": {"aws:PrincipalArn": "${aws_iam_role.r.arn}"}})
    ),
    "in a condition, as text": key(
        policy(
            Principal={"AWS": "*"},
            Condition={"ArnLike": {"aws:PrincipalArn": ["arn:aws:iam::123456789012:role/processor-dev"]}},
        )
    ),
    "beside the root": key(policy(Principal={"AWS": [ROOT, "${aws_iam_role.r.arn}"]})),
    "in heredoc JSON": key('{\n  "Statement": {\n    "Principal": {"AWS": "${aws_iam_role.r.arn}"}\n  }\n}\n'),
    "in a policy document": key(
        "${data.aws_iam_policy_document.d.json}",
        data=document(principals=[{"type": "AWS", "identifiers": ["${aws_iam_role.r.arn}"]}]),
    ),
    "in a policy document, in NotPrincipal": key(
        "${data.aws_iam_policy_document.d.json}",
        data=document(effect="Deny", not_principals={"type": "AWS", "identifiers": ["${aws_iam_role.r.arn}"]}),
    ),
    "in a policy document, in a condition": key(
        "${data.aws_iam_policy_document.d.minified_json}",
        data=document(
            condition={"test": "ArnEquals", "variable": "aws:PrincipalArn", "values": ["${aws_iam_role.r.arn}"]}
        ),
    ),
    "in a policy document that another includes": key(
        "${data.aws_iam_policy_document.all.json}",
        data={
            "aws_iam_policy_document": {
                **document(principals={"type": "AWS", "identifiers": ["${aws_iam_role.r.arn}"]})[
                    "aws_iam_policy_document"
                ],
                "all": {"source_policy_documents": ["${data.aws_iam_policy_document.d.json}"]},
            }
        },
    ),
    "through the function that has the role": {
        "resource": {
            "aws_kms_key": {"k": {"policy": policy(Principal={"AWS": "${aws_lambda_function.f.role}"})}},
            "aws_lambda_function": {"f": {"role": "${aws_iam_role.r.arn}"}},
            "aws_iam_role": ROLE,
        }
    },
    "through a data source that reads the role": key(
        policy(Principal={"AWS": "${data.aws_iam_role.d.arn}"}),
        data={"aws_iam_role": {"d": {"name": "${aws_iam_role.r.name}"}}},
    ),
}

VALID: dict[str, dict[str, Any]] = {
    "no policy": {"resource": {"aws_kms_key": {"k": {}}, "aws_iam_role": ROLE}},
    "the account root": key(policy(Principal={"AWS": ROOT})),
    "everyone": key(policy(Principal="*")),
    "a service": key(policy(Principal={"Service": "logs.us-east-1.amazonaws.com"})),
    "a role of another stack": key(policy(Principal={"AWS": "arn:aws:iam::123456789012:role/admin"})),
    "a role with the same prefix": key(policy(Principal={"AWS": "arn:aws:iam::123456789012:role/processor-dev-2"})),
    "a data source of another role": key(
        policy(Principal={"AWS": "${data.aws_iam_role.d.arn}"}), data={"aws_iam_role": {"d": {"name": "admin"}}}
    ),
    "the caller identity": key(policy(Principal={"AWS": "${data.aws_caller_identity.current.arn}"})),
    "a tag of the same name in a condition": key(
        policy(Principal="*", Condition={"StringEquals": {"aws:PrincipalTag/app": "processor-dev"}})
    ),
    "a pattern in a condition": key(
        policy(Principal="*", Condition={"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/processor-*"}})
    ),
    "a role policy that names the key": {
        "resource": {
            "aws_kms_key": {"k": {"policy": policy(Principal={"AWS": ROOT})}},
            "aws_iam_role": ROLE,
            "aws_iam_role_policy": {
                "p": {"role": "${aws_iam_role.r.id}", "policy": policy(Resource="${aws_kms_key.k.arn}")}
            },
        }
    },
}


@pytest.mark.parametrize("configuration", INVALID.values(), ids=INVALID)
def test_a_principal_of_the_stack_is_found(found: Found, configuration: dict[str, Any]) -> None:
    findings = found(NAME, configuration)

    assert [(finding.severity, finding.address) for finding in findings] == [("error", "aws_kms_key.k")]


@pytest.mark.parametrize("configuration", VALID.values(), ids=VALID)
def test_another_principal_is_not_a_finding(found: Found, configuration: dict[str, Any]) -> None:
    assert found(NAME, configuration) == []


def test_a_separate_key_policy_is_checked(found: Found) -> None:
    attached = {"key_id": "${aws_kms_key.k.id}", "policy": policy(Principal={"AWS": "${aws_iam_role.r.arn}"})}

    (finding,) = found(NAME, {"resource": {"aws_kms_key_policy": {"p": attached}, "aws_iam_role": ROLE}})

    assert (finding.severity, finding.address) == ("error", "aws_kms_key_policy.p")


@pytest.mark.parametrize(
    ("principal", "severity"),
    [("${aws_iam_role.r.arn}", "warning"), ("arn:aws:iam::123456789012:role/processor-dev", "error")],
    ids=["by reference", "as text"],
)
def test_a_grant_to_a_principal_of_the_stack_is_found(found: Found, principal: str, severity: str) -> None:
    grant = {"key_id": "${aws_kms_key.k.key_id}", "grantee_principal": principal}

    (finding,) = found(NAME, {"resource": {"aws_kms_grant": {"g": grant}, "aws_iam_role": ROLE}})

    assert (finding.severity, finding.address) == (severity, "aws_kms_grant.g")


def test_the_finding_names_the_statement_and_the_cycle(found: Found) -> None:
    configuration = key(policy(Sid="AllowLambda", Principal={"AWS": "${aws_iam_role.r.arn}"}))
    configuration["resource"]["aws_iam_role"] = {
        "r": {"name": "processor-dev", "inline_policy": [{"policy": policy(Resource="${aws_kms_key.k.arn}")}]}
    }

    (finding,) = found(NAME, configuration)

    assert finding == Finding(
        rule=NAME,
        severity="error",
        address="aws_kms_key.k",
        problem="Principal in statement 'AllowLambda' of the policy names aws_iam_role.r, which this stack creates: "
        "aws_kms_key.k -> aws_iam_role.r closes a cycle with aws_iam_role.r -> aws_kms_key.k.",
        remedy="Name only the account root and service principals. "
        "Grant aws_iam_role.r its permissions on the key in its own policy.",
    )


def test_a_principal_as_text_has_no_dependency(found: Found) -> None:
    (finding,) = found(NAME, key(policy(Principal={"AWS": "arn:aws:iam::123456789012:role/processor-dev"})))

    assert finding.problem == (
        "Principal in statement 'S' of the policy names aws_iam_role.r, which this stack creates: "
        "no reference makes Terraform create aws_iam_role.r first, and AWS rejects a principal that does not exist."
    )


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (policy(Principal={"AWS": "${var.role}"}), "var.role is not known before apply"),
        ('${templatefile("key.json", {})}', 'templatefile("key.json",{}) is not known before apply'),
        ("${file(var.path)}", "file(var.path) is not known before apply"),
        ("not a policy", "the JSON of the policy is not known before apply"),
    ],
    ids=["a variable", "a template file", "a file", "invalid JSON"],
)
def test_an_unknown_value_makes_the_check_inconclusive(
    inconclusive: Callable[[str, dict[str, Any]], list[tuple[str, str]]], value: str, reason: str
) -> None:
    assert inconclusive(NAME, key(value)) == [("aws_kms_key.k", reason)]
