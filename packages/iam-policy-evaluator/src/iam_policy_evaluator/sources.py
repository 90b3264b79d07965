"""The sources of policies for one request, and the statements in them that apply."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from iam_policy_evaluator.compiled import Applicable, CompiledStatement
from iam_policy_evaluator.decision import PolicyKind
from iam_policy_evaluator.policy import Endpoint, Policy
from iam_policy_evaluator.principals import Naming
from iam_policy_evaluator.query import Query
from iam_policy_evaluator.statement import Statement

_ASSUMING = {
    "sts:assumerole",
    "sts:assumerolewithsaml",
    "sts:assumerolewithwebidentity",
    "sts:setcontext",
    "sts:setsourceidentity",
    "sts:tagsession",
}


@dataclass(frozen=True, slots=True)
class Match:
    """A statement that applies to the request.

    Attributes:
        statement: The statement.
        policy: The policy that has the statement.
        kind: The kind of the policy.
        naming: How the statement names the caller.
    """

    statement: Statement
    policy: Policy
    kind: PolicyKind
    naming: Naming = Naming.CALLER


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The policies that apply to one request, by their kind."""

    query: Query
    identity: Sequence[Policy]
    resource: Policy | None
    boundary: Policy | None
    session: Policy | None
    endpoint: Endpoint | None

    @property
    def resource_kind(self) -> PolicyKind:
        """The kind of the resource policy."""
        if self.query.action in _ASSUMING:
            return PolicyKind.TRUST
        return PolicyKind.KEY if self.query.action.startswith("kms:") else PolicyKind.RESOURCE

    @property
    def must_allow_itself(self) -> bool:
        """Whether the resource policy must allow the request: AWS lets no identity policy replace its Allow."""
        return self.resource is not None and self.resource_kind is not PolicyKind.RESOURCE

    def denial(self) -> Match | None:
        """Return the first Deny statement that applies."""
        for policy in self.identity:
            for match in self._matches(policy, self._covering(policy).denies, PolicyKind.IDENTITY):
                return match
        if self.resource is not None:
            for match in self._naming_matches(self.resource, self._covering(self.resource).denies):
                return match
        for kind, limit in self._limits():
            for match in self._matches(limit, self._covering(limit).denies, kind):
                return match
        if self.endpoint is not None:
            return next(self._endpoint_matches(self.endpoint, self._covering(self.endpoint.policy).denies), None)
        return None

    def identity_allow(self) -> Match | None:
        """Return the first Allow statement of the identity policies that applies."""
        for policy in self.identity:
            for match in self._matches(policy, self._covering(policy).allows, PolicyKind.IDENTITY):
                return match
        return None

    def resource_allow(self) -> Match | None:
        """Return the Allow statement of the resource policy that names the caller most exactly."""
        if self.resource is None:
            return None
        found = self._naming_matches(self.resource, self._covering(self.resource).allows)
        return max(found, key=lambda match: match.naming, default=None)

    def lacking_limit(self) -> PolicyKind | None:
        """Return the kind of the first limit that has no Allow for the request.

        AWS allows the request of a federated user only with a session policy that allows it.
        """
        for kind, limit in self._limits():
            if next(self._matches(limit, self._covering(limit).allows, kind), None) is None:
                return kind
        return PolicyKind.SESSION if self.session is None and self.query.caller.is_federated_user else None

    def endpoint_allows(self) -> bool:
        """Return whether the VPC endpoint lets the request through."""
        if self.endpoint is None:
            return True
        allows = self._covering(self.endpoint.policy).allows
        return any(True for _ in self._endpoint_matches(self.endpoint, allows))

    def _covering(self, policy: Policy) -> Applicable:
        return policy.compiled.covering(self.query.action)

    def _limits(self) -> Iterator[tuple[PolicyKind, Policy]]:
        if self.boundary is not None:
            yield PolicyKind.BOUNDARY, self.boundary
        if self.session is not None:
            yield PolicyKind.SESSION, self.session

    def _matches(self, policy: Policy, statements: Sequence[CompiledStatement], kind: PolicyKind) -> Iterator[Match]:
        for statement in statements:
            if statement.applies(self.query):
                yield Match(statement.source, policy, kind)

    def _naming_matches(self, policy: Policy, statements: Sequence[CompiledStatement]) -> Iterator[Match]:
        for statement in statements:
            naming = statement.naming(self.query.caller, has_boundary=self.boundary is not None)
            if naming and statement.applies(self.query, is_attached_to_resource=True):
                yield Match(statement.source, policy, self.resource_kind, naming)

    def _endpoint_matches(self, endpoint: Endpoint, statements: Sequence[CompiledStatement]) -> Iterator[Match]:
        """Find the statements of an endpoint policy that apply.

        In the policy of a gateway endpoint, only `*` includes users and roles. An account is its root user.
        https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html
        """
        caller = self.query.caller
        for statement in statements:
            if endpoint.is_gateway and not (statement.names_everyone or caller.is_root):
                continue
            if statement.naming(caller, has_boundary=self.boundary is not None) and statement.applies(self.query):
                yield Match(statement.source, endpoint.policy, PolicyKind.ENDPOINT)
