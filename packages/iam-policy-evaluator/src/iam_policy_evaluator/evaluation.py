"""Policy evaluation for requests within one account.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iam_policy_evaluator.decision import Decision, Verdict
from iam_policy_evaluator.policy import Effect, Policy, Statement
from iam_policy_evaluator.principals import Naming, naming
from iam_policy_evaluator.request import Request
from iam_policy_evaluator.statements import applies


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A statement that applies to the request."""

    statement: Statement
    policy: Policy
    kind: str
    naming: Naming = Naming.NOT_NAMED

    def decision(self, verdict: Verdict, request: Request) -> Decision:
        verb = "allows" if verdict is Verdict.ALLOWED else "denies"
        where = f"Statement {self.statement.label} of the {self.kind} {self.policy.name!r}"
        return Decision(
            verdict=verdict,
            reason=f"{where} {verb} {_call(request)}.",
            statement=self.statement,
            policy=self.policy,
        )


def evaluate(
    request: Request,
    *,
    identity: Sequence[Policy] = (),
    resource: Policy | None = None,
    boundary: Policy | None = None,
    session: Policy | None = None,
) -> Decision:
    """Decide one request.

    Args:
        request: The request.
        identity: The policies of the caller and of its groups.
        resource: The policy of the resource.
        boundary: The caller's permissions boundary, if it has one.
        session: The policy of the caller's session, if it has one.
    """
    of_identity = [match for policy in identity for match in _matches(policy, "identity policy", request)]
    of_resource = list(_resource_matches(resource, request))
    limits = {
        kind: list(_matches(policy, kind, request))
        for kind, policy in (("permissions boundary", boundary), ("session policy", session))
        if policy
    }

    for match in (*of_identity, *of_resource, *(each for found in limits.values() for each in found)):
        if match.statement.effect is Effect.DENY:
            return match.decision(Verdict.DENIED_EXPLICITLY, request)

    direct = max(of_resource, key=lambda match: match.naming, default=None)
    if direct and direct.naming is Naming.CALLER:
        return direct.decision(Verdict.ALLOWED, request)
    if request.principal and request.principal.type != "AWS":
        return _implicit("The resource policy does not allow", request)
    candidates = [match for match in of_resource if match.naming is Naming.ROLE] + of_identity
    if not candidates:
        return _implicit("No identity policy or resource policy allows", request)
    for kind, found in limits.items():
        if not found:
            return _implicit(f"The {kind} does not allow", request)
    return candidates[0].decision(Verdict.ALLOWED, request)


def _matches(policy: Policy, kind: str, request: Request) -> Iterator[_Match]:
    for statement in policy.statements:
        if applies(statement, policy, request, is_attached_to_resource=False):
            yield _Match(statement=statement, policy=policy, kind=kind)


def _resource_matches(policy: Policy | None, request: Request) -> Iterator[_Match]:
    """Find the statements of a resource policy that apply to the request and to its caller."""
    for statement in policy.statements if policy else ():
        named = naming(statement, request.principal)
        if policy and named and applies(statement, policy, request, is_attached_to_resource=True):
            yield _Match(statement=statement, policy=policy, kind="resource policy", naming=named)


def _implicit(sentence: str, request: Request) -> Decision:
    return Decision(verdict=Verdict.DENIED_IMPLICITLY, reason=f"{sentence} {_call(request)}.")


def _call(request: Request) -> str:
    return f"{request.action} on {request.resource}"
