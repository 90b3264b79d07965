"""The request to decide: its caller, action, resource and context."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

PrincipalType = Literal["AWS", "CanonicalUser", "Federated", "Service"]


@dataclass(frozen=True, slots=True)
class Principal:
    """A caller, or an entry of a Principal element: ("AWS", ARN) or ("Service", "sns.amazonaws.com")."""

    type: PrincipalType
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as AWS authorizes it.

    Attributes:
        action: Such as `s3:PutObject`.
        resource: An ARN, or `*` for an action that does not support resource-level permissions.
        principal: The caller. Omit it for an anonymous caller, or if only identity policies are evaluated.
        context: Condition keys with their values. Key names ignore case.
        resource_account: The account of the resource, if its ARN does not name it, as those of Amazon S3.
            Without either, the resource is in the caller's account.
    """

    action: str
    resource: str = "*"
    principal: Principal | None = None
    context: Mapping[str, str | Sequence[str]] = field(default_factory=dict, hash=False)
    resource_account: str | None = None

    def values(self, key: str) -> tuple[str, ...]:
        """Return the values of a condition key, none if the request does not have the key."""
        for name, value in self.context.items():
            if name.lower() == key.lower():
                return (value,) if isinstance(value, str) else tuple(value)
        return ()
