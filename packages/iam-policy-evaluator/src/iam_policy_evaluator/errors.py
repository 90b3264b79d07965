"""Errors of this package.

IamPolicyEvaluatorError
├── PolicyError      a policy document is not valid
└── GrantError       a grant is not valid
"""


class IamPolicyEvaluatorError(Exception):
    """The base of every error of this package."""


class PolicyError(IamPolicyEvaluatorError):
    """A policy document that AWS would reject, or that has an operator this package does not evaluate."""

    def __init__(self, policy: str, problem: str, remedy: str, *, statement: str = "") -> None:
        where = f"Policy {policy!r}, statement {statement}" if statement else f"Policy {policy!r}"
        super().__init__(f"{where}: {problem}. {remedy}")


class GrantError(IamPolicyEvaluatorError):
    """A grant of a KMS key that AWS KMS would not return."""

    def __init__(self, grant: str, problem: str, remedy: str) -> None:
        super().__init__(f"Grant {grant!r}: {problem}. {remedy}")
