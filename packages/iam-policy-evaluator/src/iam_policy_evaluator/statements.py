"""Whether a statement applies to a request: its actions, resources and conditions."""

from iam_policy_evaluator.conditions import holds
from iam_policy_evaluator.matching import matches_action, matches_resource
from iam_policy_evaluator.policy import Policy, Statement
from iam_policy_evaluator.request import Request
from iam_policy_evaluator.variables import substitute


def covers_action(statement: Statement, action: str) -> bool:
    """Return whether Action or NotAction of a statement covers an action."""
    if statement.not_actions:
        return not any(matches_action(pattern, action) for pattern in statement.not_actions)
    return any(matches_action(pattern, action) for pattern in statement.actions)


def applies(statement: Statement, policy: Policy, request: Request, *, is_attached_to_resource: bool) -> bool:
    """Return whether a statement applies to a request. Its principals are not compared.

    Args:
        statement: One of the policy's statements.
        policy: Its version decides about policy variables.
        request: The request to decide.
        is_attached_to_resource: Whether a statement without Resource is about the resource that has the policy.
    """
    return (
        covers_action(statement, request.action)
        and _covers_resource(statement, policy, request, is_attached_to_resource=is_attached_to_resource)
        and all(holds(each, request, has_variables=policy.has_variables) for each in statement.conditions)
    )


def _covers_resource(statement: Statement, policy: Policy, request: Request, *, is_attached_to_resource: bool) -> bool:
    if statement.not_resources:
        return not any(_is_resource(pattern, policy, request) for pattern in statement.not_resources)
    if statement.resources:
        return any(_is_resource(pattern, policy, request) for pattern in statement.resources)
    return is_attached_to_resource


def _is_resource(pattern: str, policy: Policy, request: Request) -> bool:
    resolved = substitute(pattern, request, has_variables=policy.has_variables)
    return resolved is not None and matches_resource(resolved, request.resource)
