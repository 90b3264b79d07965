"""Compiled policies: the statements as matchers, built once and used for each request."""

from collections.abc import Callable
from dataclasses import dataclass

from iam_policy_evaluator.conditions import Test, compile_condition
from iam_policy_evaluator.matching import any_resource
from iam_policy_evaluator.principals import Caller, Entries, Naming, entries_of
from iam_policy_evaluator.query import Query
from iam_policy_evaluator.statement import Effect, Statement
from iam_policy_evaluator.variables import Texts

# Requests repeat the same actions. A caller that tries every action of AWS does not fill the memory.
_MOST_ACTIONS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledStatement:
    """A statement with the matchers of its elements.

    Attributes:
        source: The statement.
        covers_resource: The matcher of Resource or NotResource, None for a statement with neither.
        tests: The tests of the conditions.
        principals: The entries of Principal, or of NotPrincipal.
        is_not_principal: Whether the entries are those of NotPrincipal.
    """

    source: Statement
    covers_resource: Callable[[Query], bool] | None
    tests: tuple[Test, ...]
    principals: Entries
    is_not_principal: bool

    @property
    def names_everyone(self) -> bool:
        """Whether Principal is or has `*`."""
        return self.principals.has_everyone and not self.is_not_principal

    def applies(self, query: Query, *, is_attached_to_resource: bool = False) -> bool:
        """Return whether the statement applies to a request. Its actions and principals are not compared.

        Args:
            query: The request to decide.
            is_attached_to_resource: Whether a statement without Resource is about the resource that has the policy.
        """
        if not (is_attached_to_resource if self.covers_resource is None else self.covers_resource(query)):
            return False
        return all(test(query) for test in self.tests)

    def naming(self, caller: Caller, *, has_boundary: bool) -> Naming:
        """Return how the statement of a resource policy names a caller.

        A Deny with NotPrincipal applies to each user and role that has a permissions boundary:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
        """
        if not self.is_not_principal:
            return self.principals.naming(caller)
        is_deny = self.source.effect is Effect.DENY
        if is_deny and has_boundary and caller.account is not None:
            return Naming.CALLER
        if self.principals.has_everyone:
            return Naming.NOT_NAMED
        named = self.principals.namings(caller)
        is_exempt = caller.identities <= named if is_deny else bool(named)
        return Naming.NOT_NAMED if is_exempt else Naming.CALLER


@dataclass(frozen=True, slots=True, kw_only=True)
class Applicable:
    """The statements of a policy that cover an action, by their effect."""

    denies: tuple[CompiledStatement, ...]
    allows: tuple[CompiledStatement, ...]


class CompiledPolicy:
    """The compiled statements of a policy. A statement is compiled for the first request whose action it covers."""

    __slots__ = ("_by_action", "_compiled", "_has_variables", "_statements")

    def __init__(self, statements: tuple[Statement, ...], *, has_variables: bool) -> None:
        self._statements = statements
        self._has_variables = has_variables
        self._compiled: dict[int, CompiledStatement] = {}
        self._by_action: dict[str, Applicable] = {}

    def covering(self, action: str) -> Applicable:
        """Return the statements that cover an action in lower case."""
        found = self._by_action.get(action)
        if found is None:
            covering = [self._at(index) for index, each in enumerate(self._statements) if each.covers(action)]
            found = Applicable(
                denies=tuple(each for each in covering if each.source.effect is Effect.DENY),
                allows=tuple(each for each in covering if each.source.effect is Effect.ALLOW),
            )
            if len(self._by_action) >= _MOST_ACTIONS:
                self._by_action.clear()
            self._by_action[action] = found
        return found

    def _at(self, index: int) -> CompiledStatement:
        compiled = self._compiled.get(index)
        if compiled is None:
            compiled = _compile(self._statements[index], has_variables=self._has_variables)
            self._compiled[index] = compiled
        return compiled


def _compile(statement: Statement, *, has_variables: bool) -> CompiledStatement:
    return CompiledStatement(
        source=statement,
        covers_resource=_resource_matcher(statement, has_variables=has_variables),
        tests=tuple(compile_condition(each, has_variables=has_variables) for each in statement.conditions),
        principals=entries_of(statement.not_principals or statement.principals),
        is_not_principal=bool(statement.not_principals),
    )


def _resource_matcher(statement: Statement, *, has_variables: bool) -> Callable[[Query], bool] | None:
    patterns = statement.not_resources or statement.resources
    if not patterns:
        return None
    is_negated = bool(statement.not_resources)
    texts = Texts(patterns, has_variables=has_variables)
    fixed = any_resource(texts.fixed)
    if texts.is_fixed:
        return lambda query: fixed(query.resource) is not is_negated
    return lambda query: (
        (fixed(query.resource) or any_resource(texts.resolved(query))(query.resource)) is not is_negated
    )
