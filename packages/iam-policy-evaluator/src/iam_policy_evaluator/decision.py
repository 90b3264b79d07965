"""The decision on one request."""

from dataclasses import dataclass
from enum import StrEnum

from iam_policy_evaluator.grants import Grant
from iam_policy_evaluator.policy import Policy
from iam_policy_evaluator.request import Request
from iam_policy_evaluator.statement import Statement


class Verdict(StrEnum):
    """The three outcomes of an evaluation."""

    ALLOWED = "allowed"
    DENIED_EXPLICITLY = "denied explicitly"
    DENIED_IMPLICITLY = "denied implicitly"


class PolicyKind(StrEnum):
    """The kinds of policies. A key policy and a role trust policy are the resource policies of a key and a role."""

    IDENTITY = "identity policy"
    RESOURCE = "resource policy"
    KEY = "key policy"
    TRUST = "role trust policy"
    BOUNDARY = "permissions boundary"
    SESSION = "session policy"
    ENDPOINT = "VPC endpoint policy"


# The names of the kinds in AWS's messages.
_AWS_NAMES = {
    PolicyKind.IDENTITY: "identity-based policy",
    PolicyKind.RESOURCE: "resource-based policy",
    PolicyKind.KEY: "resource-based policy",
}
_ARTICLES = {PolicyKind.IDENTITY: "an", PolicyKind.TRUST: "the"}
# AWS names these by their ARN, if they have one, and the others only by their kind:
# https://aws.amazon.com/blogs/security/enhanced-access-denied-error-messages-with-policy-arns
_NAMED_BY_ARN = {PolicyKind.IDENTITY, PolicyKind.BOUNDARY, PolicyKind.SESSION}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """The verdict on a request, and what decided.

    Attributes:
        verdict: The verdict.
        reason: A sentence for people.
        request: The request.
        kind: The kind of the policy that decided. For an implicit denial, the kind that lacks an Allow.
            None if a grant decided, and for the root user.
        statement: The statement that decided. None for an implicit denial, for a grant and for the root user.
        policy: The policy of the statement.
        grant: The grant that decided.
    """

    verdict: Verdict
    reason: str
    request: Request
    kind: PolicyKind | None = None
    statement: Statement | None = None
    policy: Policy | None = None
    grant: Grant | None = None

    @property
    def allowed(self) -> bool:
        """Whether AWS carries out the request."""
        return self.verdict is Verdict.ALLOWED

    def access_denied_message(self, *, action: str | None = None, resource: str | None = None) -> str:
        """Return AWS's message for a denied request, and an empty text for an allowed one.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html

        Args:
            action: The action as the service writes it, such as `SNS:Publish`. By default, that of the request.
            resource: The resource as the service writes it. By default, that of the request, and none for `*`.
        """
        if self.allowed or self.kind is None:
            return ""
        user = self.request.principal.id if self.request.principal else "anonymous"
        action = action or self.request.action
        if resource is None and self.request.resource != "*":
            resource = self.request.resource
        on = f" on resource: {resource}" if resource else ""
        return f"User: {user} is not authorized to perform: {action}{on} {self._cause(self.kind, action)}"

    def _cause(self, kind: PolicyKind, action: str) -> str:
        name = _AWS_NAMES.get(kind, kind.value)
        if self.verdict is Verdict.DENIED_IMPLICITLY:
            return f"because no {name} allows the {action} action"
        arn = self.policy.name if self.policy and self.policy.name.startswith("arn:") else ""
        suffix = f": {arn}" if arn and kind in _NAMED_BY_ARN else ""
        return f"with an explicit deny in {_ARTICLES.get(kind, 'a')} {name}{suffix}"
