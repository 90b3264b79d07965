"""key-policy-principal: a key policy or grant that names a role or user of the same stack."""

from collections.abc import Iterator

import networkx as nx

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding
from terraform_guardrails.iam.policies import Statement, statements
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, references_of

ID = "key-policy-principal"
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
    """Find the principals of the stack in a key policy or a grant."""
    unknown = None
    for position, value in (
        _grantees(resource) if resource.type == "aws_kms_grant" else _named_in_policy(resource, stack)
    ):
        if isinstance(value, Unknown):
            unknown = value
            continue
        for principal, by_reference in _principals_in(value, stack):
            yield _finding(resource, position, principal, stack, by_reference=by_reference)
    if unknown is not None:
        raise UnknownValueError(unknown)


def _grantees(grant: Resource) -> Iterator[tuple[str, Value]]:
    for attribute in _GRANT_ATTRIBUTES:
        yield attribute, grant.value(attribute)


def _named_in_policy(key: Resource, stack: Stack) -> Iterator[tuple[str, Value]]:
    """Yield every position of a principal in a key policy, with its value."""
    if not key.has("policy"):
        return
    for statement in statements(key.value("policy"), stack):
        for position, value in _named_in(statement):
            yield f"{position} in statement {statement.label} of the policy", value


def _named_in(statement: Statement) -> Iterator[tuple[str, Value]]:
    for position, principals in (("Principal", statement.principals), ("NotPrincipal", statement.not_principals)):
        for values in principals.values():
            yield from ((position, value) for value in values)
    for condition in statement.conditions:
        # In a condition only an ARN certainly names a principal. Another word may be the value of a tag.
        named = (value for value in condition.values if not isinstance(value, Unknown))
        yield from (
            (f"The condition on {condition.key}", value)
            for value in named
            if isinstance(value, Reference | Template) or ":" in str(value)
        )


def _principals_in(value: Value, stack: Stack) -> Iterator[tuple[Resource, bool]]:
    """Yield the roles and users of the stack in a value, each with True if it is named by reference."""
    by_reference = [_behind(reference, stack) for reference in references_of(value)]
    if any(by_reference):
        yield from ((principal, True) for principal in by_reference if principal)
    elif isinstance(value, str | Template):
        # The ARN of a session, arn:aws:sts::...:assumed-role/ROLE/SESSION, names the role.
        text = str(value)
        named = text.rpartition("/")[0] if ":assumed-role/" in text else text
        principal = stack.target(named, *_PRINCIPALS)
        if principal is not None:
            yield principal, False


def _behind(reference: Reference, stack: Stack) -> Resource | None:
    """Return the role or user behind a reference, also through a data source or a resource with the role."""
    block = stack.block(reference)
    if block is not None and not block.managed and block.type in _PRINCIPALS:
        return stack.target(block.value("name"), *_PRINCIPALS)
    return stack.target(reference, *_PRINCIPALS)


def _finding(resource: Resource, position: str, principal: Resource, stack: Stack, *, by_reference: bool) -> Finding:
    edge = f"{resource.address} -> {principal.address}"
    path = _path(principal, resource, stack) if by_reference else []
    if not by_reference:
        why = (
            f"no reference makes Terraform create {principal.address} first, "
            "and AWS rejects a principal that does not exist"
        )
    elif path:
        why = f"{edge} closes a cycle with {' -> '.join(path)}"
    else:
        why = f"{edge} becomes a cycle when the principal depends on a resource that the key encrypts"
    # A grant that refers to its principal deploys, but the deletion of the principal invalidates it.
    harmless = resource.type == "aws_kms_grant" and by_reference and not path
    return Finding(
        rule=ID,
        severity="warning" if harmless else "error",
        address=resource.address,
        problem=f"{position} names {principal.address}, which this stack creates: {why}.",
        remedy="Name only the account root and service principals. "
        f"Grant {principal.address} its permissions on the key in its own policy.",
    )


def _path(principal: Resource, key: Resource, stack: Stack) -> list[str]:
    """Return the path of dependencies from the principal to the key; empty without one."""
    try:
        return nx.shortest_path(stack.graph, without_index(principal.address), without_index(key.address))
    except nx.NetworkXNoPath:
        return []


RULE = Rule(
    id=ID,
    severity="error",
    summary="a key policy or grant that names a role or user of the same stack",
    source="https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html",
    example="""\
{"resource": {
  "aws_iam_role": {"role": {"name": "processor"}},
  "aws_kms_key": {"key": {"policy": "${data.aws_iam_policy_document.key.json}"}}},
 "data": {"aws_iam_policy_document": {"key": {"statement": {
  "sid": "AllowLambda", "actions": ["kms:Decrypt"], "resources": ["*"],
  "principals": {"type": "AWS", "identifiers": ["${aws_iam_role.role.arn}"]}}}}}}
""",
    why="""\
A role depends on the resources that it uses, and these depend on the key that encrypts them. A key policy that names
the role closes the cycle. If the policy names the role as text, Terraform does not see the cycle, and AWS rejects the
policy with `MalformedPolicyDocumentException`, because the principal does not exist yet.

A grant that refers to its principal deploys, but becomes invalid when the principal is deleted. It is a warning.
""",
    remedy="Allow `kms:*` for the account root in the key policy, so that IAM policies decide. Name service principals "
    "where a service uses the key itself, such as CloudWatch Logs, or CloudWatch for alarm topics. Grant the role "
    "`kms:Decrypt` and its other permissions in its own policy.",
    check=check,
    types=frozenset({*_KEYS, "aws_kms_grant"}),
)
