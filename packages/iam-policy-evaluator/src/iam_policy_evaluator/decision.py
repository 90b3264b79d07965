"""The decision on one request."""

from dataclasses import dataclass
from enum import StrEnum

from iam_policy_evaluator.policy import Policy, Statement


class Verdict(StrEnum):
    """The three outcomes of an evaluation."""

    ALLOWED = "allowed"
    DENIED_EXPLICITLY = "denied explicitly"
    DENIED_IMPLICITLY = "denied implicitly"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict on a request, with the statement that decided and its policy.

    An implicit denial has no statement, and `reason` names the policies that do not allow the request.
    """

    verdict: Verdict
    reason: str
    statement: Statement | None = None
    policy: Policy | None = None

    @property
    def allowed(self) -> bool:
        """Whether AWS carries out the request."""
        return self.verdict is Verdict.ALLOWED
