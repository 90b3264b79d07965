"""Wildcards in actions, resources and ARNs, each with the AWS page that defines it."""

from collections.abc import Callable

import pytest

from iam_policy_evaluator import matches, matches_action, matches_arn, matches_resource

# Pages below https://docs.aws.amazon.com/IAM/latest/UserGuide/.
ACTION = "reference_policies_elements_action.html"
RESOURCE = "reference_policies_elements_resource.html"
ARN_OPERATORS = "reference_policies_elements_condition_operators.html#Conditions_ARN"
VARIABLES = "reference_policies_variables.html#policy-vars-specialchars"

FOLDERS = "arn:aws:s3:::B/*/test/*"
SHORT = "arn:aws:x:*:1:fin/*"
LONG = "arn:aws:x:r:9:store/abc:1:fin/d"

CASES: dict[str, tuple[str, Callable[[str, str], bool], str, str, bool]] = {
    "* matches every action": (ACTION, matches_action, "*", "kms:Decrypt", True),
    "a prefix matches the actions of a service": (ACTION, matches_action, "kms:*", "kms:Decrypt", True),
    "an action ignores case": (ACTION, matches_action, "KMS:decrypt", "kms:Decrypt", True),
    "? matches one character": (ACTION, matches_action, "kms:?ecrypt", "kms:Decrypt", True),
    "? does not match none": (ACTION, matches_action, "kms:Decrypt?", "kms:Decrypt", False),
    "* matches no characters": (ACTION, matches_action, "kms:GenerateDataKey*", "kms:GenerateDataKey", True),
    "a part of an action does not match": (ACTION, matches_action, "kms:Decryp", "kms:Decrypt", False),
    "brackets are not wildcards": (ACTION, matches_action, "s3:[P]utObject", "s3:PutObject", False),
    "brackets match themselves": (RESOURCE, matches_resource, "arn:aws:s3:::b/[x]*", "arn:aws:s3:::b/[x]y", True),
    "a dot is not a wildcard": (RESOURCE, matches_resource, "arn:aws:s3:::b.c", "arn:aws:s3:::bxc", False),
    "a resource has case": (RESOURCE, matches_resource, "arn:aws:s3:::Bucket", "arn:aws:s3:::bucket", False),
    "* covers a slash": (RESOURCE, matches_resource, FOLDERS, "arn:aws:s3:::B/1/2/test/o", True),
    "* covers nothing between slashes": (RESOURCE, matches_resource, FOLDERS, "arn:aws:s3:::B//test/o", True),
    "* needs the text around it": (RESOURCE, matches_resource, FOLDERS, "arn:aws:s3:::B/1-test/o", False),
    "* needs both slashes": (RESOURCE, matches_resource, FOLDERS, "arn:aws:s3:::B/test/o", False),
    "* covers a line break": (RESOURCE, matches_resource, "arn:aws:s3:::b/*", "arn:aws:s3:::b/x\ny", True),
    "AWS completes a short ARN": (RESOURCE, matches_resource, "arn:aws:sqs", "arn:aws:sqs:us-east-1:1:q", True),
    "a short ARN keeps its service": (RESOURCE, matches_resource, "arn:aws:sqs", "arn:aws:sns:us-east-1:1:t", False),
    "a bucket's ARN does not cover its objects": (
        RESOURCE,
        matches_resource,
        "arn:aws:s3:::b",
        "arn:aws:s3:::b/key",
        False,
    ),
    "* at the end of a component continues after the colon": (RESOURCE, matches_resource, SHORT, LONG, True),
    "* inside a component stays in it": (
        RESOURCE,
        matches_resource,
        "arn:aws:x:r*1:1:fin",
        "arn:aws:x:r:9:1:1:fin",
        False,
    ),
    "* inside the last component covers a colon": (
        RESOURCE,
        matches_resource,
        "arn:aws:s3:::b/*.log",
        "arn:aws:s3:::b/2026-01-01T00:00.log",
        True,
    ),
    "? stays in its component": (RESOURCE, matches_resource, "arn:aws:x:?r:1:fin", "arn:aws:x::r:1:fin", False),
    "an action without resource needs *": (RESOURCE, matches_resource, "arn:aws:s3:::b", "*", False),
    "* covers an action without resource": (RESOURCE, matches_resource, "*", "*", True),
    "a wildcard of StringLike leaves its ARN component": (ARN_OPERATORS, matches, SHORT, LONG, True),
    "a wildcard of ArnLike stays in its ARN component": (ARN_OPERATORS, matches_arn, SHORT, LONG, False),
    "ArnLike compares each component": (ARN_OPERATORS, matches_arn, SHORT, "arn:aws:x:r:1:fin/d", True),
    "* of ArnLike covers colons in the last component": (
        ARN_OPERATORS,
        matches_arn,
        "arn:aws:logs:*:*:log-group:*",
        "arn:aws:logs:r:1:log-group:g:log-stream:s",
        True,
    ),
    "ArnLike has case": (ARN_OPERATORS, matches_arn, "arn:aws:x:r:1:Fin", "arn:aws:x:r:1:fin", False),
    "ArnLike with * matches every ARN": (ARN_OPERATORS, matches_arn, "*", LONG, True),
    "a text that is not an ARN does not match": (ARN_OPERATORS, matches_arn, "arn:aws:x:*:*:*", "x", False),
    "${*} is a star": (VARIABLES, matches, "a${*}b", "a*b", True),
    "${*} is not a wildcard": (VARIABLES, matches, "a${*}b", "axb", False),
    "${?} is a question mark": (VARIABLES, matches, "a${?}", "a?", True),
    "${$} is a dollar sign": (VARIABLES, matches, "${$}{aws:username}", "${aws:username}", True),
}


@pytest.mark.parametrize(("page", "compare", "pattern", "text", "expected"), CASES.values(), ids=CASES)
def test_matches_as_documented(
    page: str, compare: Callable[[str, str], bool], pattern: str, text: str, *, expected: bool
) -> None:
    assert compare(pattern, text) is expected, page
