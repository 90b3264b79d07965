"""Policy evaluation.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic-cross-account.html
https://docs.aws.amazon.com/kms/latest/developerguide/policy-evaluation.html
"""

from collections.abc import Sequence
from dataclasses import dataclass

from iam_policy_evaluator.decision import Decision, PolicyKind, Verdict
from iam_policy_evaluator.grants import Grant, grant_naming
from iam_policy_evaluator.policy import Endpoint, Policy
from iam_policy_evaluator.principals import Naming
from iam_policy_evaluator.query import Query
from iam_policy_evaluator.request import Request
from iam_policy_evaluator.sources import Match, Sources


def evaluate(  # noqa: PLR0913 - each source of policies is an argument
    request: Request,
    *,
    identity: Sequence[Policy] = (),
    resource: Policy | None = None,
    boundary: Policy | None = None,
    session: Policy | None = None,
    endpoint: Endpoint | None = None,
    grants: Sequence[Grant] = (),
) -> Decision:
    """Decide one request.

    Args:
        request: The request.
        identity: The policies of the caller and of its groups.
        resource: The policy of the resource. For an action of AWS KMS it is the key policy, and for `sts:AssumeRole`
            the role trust policy. AWS requires that these two allow the request.
        boundary: The caller's permissions boundary, if it has one.
        session: The policy of the caller's session, if it has one.
        endpoint: The policy of the VPC endpoint that the request goes through, if there is one.
        grants: The grants of the KMS key.
    """
    query = Query(request)
    sources = Sources(
        query=query, identity=identity, resource=resource, boundary=boundary, session=session, endpoint=endpoint
    )
    denial = sources.denial()
    if denial is not None:
        return _by_statement(Verdict.DENIED_EXPLICITLY, denial, request)
    decision = _without_denials(query, sources, grants)
    if decision.allowed and not sources.endpoint_allows():
        return _implicit(PolicyKind.ENDPOINT, query)
    return decision


@dataclass(frozen=True, slots=True, kw_only=True)
class _ResourceSide:
    """The grant or the statement of the resource policy that gives the caller the most.

    Attributes:
        granting: The statement or grant.
        named: How the resource names the caller.
        alone: How it names the caller where no permission of the caller's own account is needed.
    """

    granting: Match | Grant | None
    named: Naming
    alone: Naming


def _without_denials(query: Query, sources: Sources, grants: Sequence[Grant]) -> Decision:
    """Decide a request that no Deny statement denies. The VPC endpoint is not considered."""
    crosses_accounts = query.crosses_accounts
    side = _resource_side(sources, grants, crosses_accounts=crosses_accounts)
    if not query.caller.is_identity or side.alone is Naming.CALLER:
        is_named = side.named is Naming.CALLER
        return _allowed(side.granting, query) if is_named else _implicit(sources.resource_kind, query)
    if sources.must_allow_itself and not side.named:
        return _implicit(sources.resource_kind, query)
    identity = None if side.alone is Naming.ROLE else sources.identity_allow()
    if identity is None and side.alone is not Naming.ROLE and not query.caller.is_root:
        return _no_identity_policy(query, or_resource_policy=not crosses_accounts and not sources.must_allow_itself)
    lacking = sources.lacking_limit()
    if lacking is None and crosses_accounts and not side.named:
        lacking = sources.resource_kind
    if lacking is not None:
        return _implicit(lacking, query)
    return _allowed(side.granting if crosses_accounts or side.alone is Naming.ROLE else identity, query)


def _resource_side(sources: Sources, grants: Sequence[Grant], *, crosses_accounts: bool) -> _ResourceSide:
    statement = sources.resource_allow()
    grant = max(grants, key=lambda each: grant_naming(each, sources.query), default=None)
    by_statement = statement.naming if statement else Naming.NOT_NAMED
    by_grant = grant_naming(grant, sources.query) if grant else Naming.NOT_NAMED
    named = max(by_statement, by_grant)
    # A statement for a caller of another account needs an identity policy in that account. A grant does not:
    # https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-modifying-external-accounts.html
    alone = by_grant if crosses_accounts else named
    grant_decides = by_grant >= Naming.ROLE if crosses_accounts else by_grant > by_statement
    return _ResourceSide(granting=grant if grant_decides else statement, named=named, alone=alone)


def _allowed(granting: Match | Grant | None, query: Query) -> Decision:
    request = query.request
    if isinstance(granting, Match):
        return _by_statement(Verdict.ALLOWED, granting, request)
    call = _call(request)
    reason = f"Grant {granting.id!r} allows {call}." if granting else f"No policy denies the root user {call}."
    return Decision(verdict=Verdict.ALLOWED, reason=reason, request=request, grant=granting)


def _by_statement(verdict: Verdict, match: Match, request: Request) -> Decision:
    verb = "allows" if verdict is Verdict.ALLOWED else "denies"
    where = f"Statement {match.statement.label} of the {match.kind} {match.policy.name!r}"
    return Decision(
        verdict=verdict,
        reason=f"{where} {verb} {_call(request)}.",
        request=request,
        kind=match.kind,
        statement=match.statement,
        policy=match.policy,
    )


def _implicit(kind: PolicyKind, query: Query) -> Decision:
    return Decision(
        verdict=Verdict.DENIED_IMPLICITLY,
        reason=f"The {kind} does not allow {_call(query.request)}.",
        request=query.request,
        kind=kind,
    )


def _no_identity_policy(query: Query, *, or_resource_policy: bool) -> Decision:
    subject = "No identity policy or resource policy" if or_resource_policy else "No identity policy"
    return Decision(
        verdict=Verdict.DENIED_IMPLICITLY,
        reason=f"{subject} allows {_call(query.request)}.",
        request=query.request,
        kind=PolicyKind.IDENTITY,
    )


def _call(request: Request) -> str:
    return f"{request.action} on {request.resource}"
