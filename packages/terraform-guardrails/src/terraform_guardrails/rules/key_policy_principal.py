"""key-policy-principal: a key policy, or a grant, that names a role or user of the same stack."""

from collections.abc import Iterator

import networkx as nx

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding
from terraform_guardrails.iam.policies import Statement, statements
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, references_of

NAME = "key-policy-principal"
_KEYS = (
    "aws_kms_external_key",
    "aws_kms_key",
    "aws_kms_key_policy",
    "aws_kms_replica_external_key",
    "aws_kms_replica_key",
)
_PRINCIPALS = ("aws_iam_role", "aws_iam_user")
_GRANT_ATTRIBUTES = ("grantee_principal", "retiring_principal")


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find the principals of the stack that a key policy or a grant names."""
    unknown = None
    for place, value in _grantees(resource) if resource.type == "aws_kms_grant" else _named_in_policy(resource, stack):
        if isinstance(value, Unknown):
            unknown = value
            continue
        for principal, by_reference in _principals_in(value, stack):
            yield _finding(resource, place, principal, stack, by_reference=by_reference)
    if unknown is not None:
        raise UnknownValueError(unknown)


def _grantees(grant: Resource) -> Iterator[tuple[str, Value]]:
    for attribute in _GRANT_ATTRIBUTES:
        yield attribute, grant.value(attribute)


def _named_in_policy(key: Resource, stack: Stack) -> Iterator[tuple[str, Value]]:
    """Every place of a key policy that can name a principal, with what stands there."""
    if not key.has("policy"):
        return
    for statement in statements(key.value("policy"), stack):
        where = f"Statement {statement.label} of the policy"
        for place, value in _named_in(statement):
            yield f"{where} ({place})", value


def _named_in(statement: Statement) -> Iterator[tuple[str, Value]]:
    for place, principals in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        for who in principals.values():
            yield from ((place, value) for value in who)
    for condition in statement.conditions:
        # In a condition only an ARN names a principal for sure; a bare word there may be a tag.
        named = (value for value in condition.values if not isinstance(value, Unknown))
        yield from (
            (f"condition on {condition.key}", value) for value in named if "${" in str(value) or ":" in str(value)
        )


def _principals_in(value: Value, stack: Stack) -> Iterator[tuple[Resource, bool]]:
    """The roles and users of the stack that a value names, and whether it does so by reference."""
    by_reference = [_behind(reference, stack) for reference in references_of(value)]
    if any(by_reference):
        yield from ((principal, True) for principal in by_reference if principal)
    elif isinstance(value, str | Template):
        # A session of a role, arn:aws:sts::...:assumed-role/ROLE/SESSION, names the role.
        text = str(value)
        named = text.rpartition("/")[0] if ":assumed-role/" in text else text
        principal = stack.target(named, *_PRINCIPALS)
        if principal is not None:
            yield principal, False


def _behind(reference: Reference, stack: Stack) -> Resource | None:
    """The role or user that a reference leads to, also through a data source or a resource that has the role."""
    block = stack.block(reference)
    if block is not None and not block.managed and block.type in _PRINCIPALS:
        return stack.target(block.value("name"), *_PRINCIPALS)
    return stack.target(reference, *_PRINCIPALS)


def _finding(resource: Resource, place: str, principal: Resource, stack: Stack, *, by_reference: bool) -> Finding:
    edge = f"{resource.address} -> {principal.address}"
    way = _way(principal, resource, stack) if by_reference else []
    if not by_reference:
        why = f"no reference orders {edge}, and AWS rejects a principal that does not exist yet"
    elif way:
        why = f"{edge} closes a cycle with {' -> '.join(way)}"
    else:
        why = f"{edge} becomes a cycle as soon as the principal depends on what the key encrypts"
    # A grant that comes after its principal deploys; it only dies with it.
    harmless = resource.type == "aws_kms_grant" and by_reference and not way
    return Finding(
        rule=NAME,
        severity="warning" if harmless else "error",
        address=resource.address,
        problem=f"{place} names {principal.address}, which this stack creates: {why}.",
        remedy="Name the account root and service principals only; "
        f"give {principal.address} its permissions on the key in its own policy.",
    )


def _way(principal: Resource, key: Resource, stack: Stack) -> list[str]:
    """The way back from the principal to the key, if there is one."""
    try:
        return nx.shortest_path(stack.graph, without_index(principal.address), without_index(key.address))
    except nx.NetworkXNoPath:
        return []


RULE = Rule(name=NAME, check=check, types=frozenset({*_KEYS, "aws_kms_grant"}))
