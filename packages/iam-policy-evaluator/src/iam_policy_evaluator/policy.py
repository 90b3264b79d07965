"""Policies as values: a policy has statements."""

from dataclasses import dataclass
from functools import cached_property

from iam_policy_evaluator.compiled import CompiledPolicy
from iam_policy_evaluator.statement import Statement

CURRENT_VERSION = "2012-10-17"
VERSIONS = ("2008-10-17", CURRENT_VERSION)


# Without slots, because the compiled policy is cached in it.
@dataclass(frozen=True, kw_only=True)
class Policy:
    """A policy. Only version 2012-10-17 has policy variables.

    Attributes:
        name: The name in decisions and errors. Use the ARN of a managed policy: AWS names it in its denials.
        statements: The statements in their order.
        version: The version of the policy language.
    """

    name: str
    statements: tuple[Statement, ...]
    version: str = CURRENT_VERSION

    @property
    def has_variables(self) -> bool:
        """Whether `${...}` is a policy variable in this policy."""
        return self.version == CURRENT_VERSION

    @cached_property
    def compiled(self) -> CompiledPolicy:
        """The policy as matchers, built for its first decision."""
        return CompiledPolicy(self.statements, has_variables=self.has_variables)


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """The policy of the VPC endpoint that a request goes through.

    Attributes:
        policy: The endpoint policy.
        is_gateway: Whether it is a gateway endpoint, which limits what Principal can name.
    """

    policy: Policy
    is_gateway: bool = False
