"""What a role's policy says about a call, as IAM evaluates it: what is not allowed is refused, and a Deny wins.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-req-context.html
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Any

type Statement = Mapping[str, Any]

# Only what the role uses: another operator must be added here before anything can be said about it.
_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "ArnEquals": fnmatchcase,
    "StringEquals": lambda value, wanted: value == wanted,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An action on a resource, and what IAM knows of the request besides."""

    action: str
    resource: str
    context: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Grant:
    """One action on one pattern of resources, as an Allow statement grants it under its condition."""

    action: str
    resource: str
    condition: str = ""


def allowed(asked: Asked, statements: Sequence[Statement]) -> bool:
    """Whether some Allow is for the call, and no Deny."""
    return {statement["Effect"] for statement in statements if _is_for(statement, asked)} == {"Allow"}


def grants(statements: Sequence[Statement]) -> Iterator[Grant]:
    """Every grant of the Allow statements."""
    for statement in statements:
        condition = " and ".join(f"{key}={wanted}" for _, key, wanted in _conditions(statement))
        for action in statement["Action"] if statement["Effect"] == "Allow" else ():
            for resource in statement["Resource"]:
                yield Grant(action=action, resource=resource, condition=condition)


def _is_for(statement: Statement, asked: Asked) -> bool:
    return (
        any(fnmatchcase(asked.action.lower(), action.lower()) for action in statement["Action"])
        and any(fnmatchcase(asked.resource, pattern) for pattern in statement["Resource"])
        and all(
            key in asked.context and _OPERATORS[operator](asked.context[key], wanted)
            for operator, key, wanted in _conditions(statement)
        )
    )


def _conditions(statement: Statement) -> Iterator[tuple[str, str, str]]:
    for operator, wanted in statement.get("Condition", {}).items():
        for key, value in wanted.items():
            yield operator, key, value
