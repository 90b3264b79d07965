"""Decisions on generated policies follow the rules of AWS's evaluation logic.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from iam_policy_evaluator import Effect, Policy, Request, Statement, Verdict, evaluate, matches

PATTERNS = st.text(alphabet="ab*?", max_size=6)
ACTIONS = st.sampled_from(["s3:GetObject", "s3:PutObject", "s3:*", "*", "S3:get*"])
RESOURCES = st.sampled_from(["arn:aws:s3:::a", "arn:aws:s3:::a/*", "arn:aws:s3", "*"])
STATEMENTS = st.builds(
    Statement,
    effect=st.sampled_from(Effect),
    actions=st.tuples(ACTIONS),
    resources=st.tuples(RESOURCES),
)
POLICIES = st.builds(Policy, name=st.just("generated"), statements=st.lists(STATEMENTS, max_size=4).map(tuple))
REQUESTS = st.builds(
    Request,
    action=st.sampled_from(["s3:GetObject", "s3:PutObject"]),
    resource=st.sampled_from(["arn:aws:s3:::a", "arn:aws:s3:::a/b", "arn:aws:s3:::c"]),
)
DENY_ALL = Statement(effect=Effect.DENY, actions=("*",), resources=("*",))


def matches_naively(pattern: str, text: str) -> bool:
    """Compare character by character, as a second implementation."""
    if not pattern:
        return not text
    if pattern[0] == "*":
        return matches_naively(pattern[1:], text) or (bool(text) and matches_naively(pattern, text[1:]))
    return bool(text) and pattern[0] in {"?", text[0]} and matches_naively(pattern[1:], text[1:])


@given(PATTERNS, st.text(alphabet="ab", max_size=6))
def test_matches_equals_a_naive_implementation(pattern: str, text: str) -> None:
    assert matches(pattern, text) is matches_naively(pattern, text)


@given(POLICIES, REQUESTS)
def test_the_order_of_statements_does_not_matter(policy: Policy, request: Request) -> None:
    backwards = replace(policy, statements=policy.statements[::-1])

    assert evaluate(request, identity=[policy]).verdict is evaluate(request, identity=[backwards]).verdict


@given(POLICIES, REQUESTS)
def test_one_policy_or_two_makes_no_difference(policy: Policy, request: Request) -> None:
    halves = [replace(policy, statements=policy.statements[:2]), replace(policy, statements=policy.statements[2:])]

    assert evaluate(request, identity=[policy]).verdict is evaluate(request, identity=halves).verdict


@given(POLICIES, POLICIES, REQUESTS)
def test_a_boundary_never_allows_more(policy: Policy, boundary: Policy, request: Request) -> None:
    limited = evaluate(request, identity=[policy], boundary=boundary)

    assert limited.allowed is (
        evaluate(request, identity=[policy]).allowed and evaluate(request, identity=[boundary]).allowed
    )


@given(POLICIES, REQUESTS)
def test_a_deny_of_everything_always_decides(policy: Policy, request: Request) -> None:
    denying = replace(policy, statements=(*policy.statements, DENY_ALL))

    assert evaluate(request, identity=[denying]).verdict is Verdict.DENIED_EXPLICITLY


@given(POLICIES, REQUESTS)
def test_only_an_implicit_denial_has_no_statement(policy: Policy, request: Request) -> None:
    decision = evaluate(request, identity=[policy])

    assert (decision.statement is None) is (decision.verdict is Verdict.DENIED_IMPLICITLY)
    assert decision.statement is None or decision.statement in policy.statements
