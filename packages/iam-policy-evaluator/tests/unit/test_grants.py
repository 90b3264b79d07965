"""Grants in the form of ListGrants: https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantListEntry.html."""

from typing import Any

import pytest

from iam_policy_evaluator import Grant, GrantError, IamPolicyEvaluatorError, Principal, parse_grant

ENTRY: dict[str, Any] = {
    "GrantId": "abcde1237f76",
    "GranteePrincipal": "arn:aws:iam::111122223333:user/exampleUser",
    "Operations": ["Decrypt"],
    "Constraints": {"EncryptionContextEquals": {"Department": "IT"}},
    "IssuingAccount": "arn:aws:iam::111122223333:root",
    "CreationDate": 1568565290.0,
}


def test_an_entry_is_read() -> None:
    assert parse_grant(ENTRY) == Grant(
        grantee=Principal("AWS", "arn:aws:iam::111122223333:user/exampleUser"),
        operations=("Decrypt",),
        context_equals={"Department": "IT"},
        id="abcde1237f76",
    )


def test_a_grant_needs_no_constraints() -> None:
    grant = parse_grant({**ENTRY, "Constraints": {"EncryptionContextSubset": {"Purpose": "Test"}}})
    unlimited = parse_grant({"GranteePrincipal": "111122223333", "Operations": ["Encrypt"]})

    assert (grant.context_equals, grant.context_subset) == (None, {"Purpose": "Test"})
    assert unlimited == Grant(grantee=Principal("AWS", "111122223333"), operations=("Encrypt",))


def test_a_grantee_can_be_a_service() -> None:
    grant = parse_grant({**ENTRY, "GranteePrincipal": "dynamodb.us-west-2.amazonaws.com"})

    assert grant.grantee == Principal("Service", "dynamodb.us-west-2.amazonaws.com")


ERRORS: dict[str, tuple[dict[str, Any], str]] = {
    "no grantee": (
        {"GranteePrincipal": None},
        "Grant 'abcde1237f76': GranteePrincipal is not text. Pass the ARN of the grantee.",
    ),
    "an operation that is text": (
        {"Operations": "Decrypt"},
        "Grant 'abcde1237f76': Operations is not a list. Pass the names of the operations.",
    ),
    "an unknown constraint": (
        {"Constraints": {"SourceArn": "arn"}},
        (
            "Grant 'abcde1237f76': Constraints is {'SourceArn': 'arn'}. "
            "Use EncryptionContextEquals and EncryptionContextSubset."
        ),
    ),
    "a context that is text": (
        {"Constraints": {"EncryptionContextEquals": "Department=IT"}},
        ("Grant 'abcde1237f76': EncryptionContextEquals is 'Department=IT'. Pass the pairs of the encryption context."),
    ),
}


@pytest.mark.parametrize(("changes", "message"), ERRORS.values(), ids=ERRORS)
def test_an_invalid_entry_is_refused(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(GrantError) as error:
        parse_grant({**ENTRY, **changes})

    assert str(error.value) == message
    assert isinstance(error.value, IamPolicyEvaluatorError)
