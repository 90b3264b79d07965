"""Grants of KMS keys: a source of Allow beside the key policy and the identity policies.

https://docs.aws.amazon.com/kms/latest/developerguide/grants.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from iam_policy_evaluator.errors import GrantError
from iam_policy_evaluator.principals import Naming, entries_of
from iam_policy_evaluator.query import Query
from iam_policy_evaluator.request import Principal

_SERVICE = "kms"
_CONTEXT_KEY = "kms:encryptioncontext:"
# These operations have no encryption context, so that AWS ignores the constraints of a grant.
_WITHOUT_CONTEXT = {"describekey", "retiregrant"}
_CONSTRAINTS = ("EncryptionContextEquals", "EncryptionContextSubset")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A grant of a KMS key.

    Attributes:
        grantee: The principal that may use the key: a user, role, session or account.
        operations: Names of API operations, such as `Decrypt`.
        context_equals: The exact encryption context that requests must have. Case matters.
        context_subset: Pairs that the encryption context of requests must have. Case matters.
        id: The id in decisions.
    """

    grantee: Principal
    operations: tuple[str, ...]
    context_equals: Mapping[str, str] | None = field(default=None, hash=False)
    context_subset: Mapping[str, str] | None = field(default=None, hash=False)
    id: str = "grant"


def grant_naming(grant: Grant, query: Query) -> Naming:
    """Return how a grant names the caller of a request that it allows."""
    service, _, operation = query.action.partition(":")
    if service != _SERVICE or operation not in map(str.lower, grant.operations):
        return Naming.NOT_NAMED
    if operation not in _WITHOUT_CONTEXT and not _allows_context(grant, query):
        return Naming.NOT_NAMED
    return entries_of((grant.grantee,)).naming(query.caller)


def _allows_context(grant: Grant, query: Query) -> bool:
    if grant.context_equals is None and grant.context_subset is None:
        return True
    found = {
        (key[len(_CONTEXT_KEY) :], value if isinstance(value, str) else tuple(value))
        for key, value in query.request.context.items()
        if key.lower().startswith(_CONTEXT_KEY)
    }
    is_equal = grant.context_equals is None or found == set(grant.context_equals.items())
    return is_equal and found >= set((grant.context_subset or {}).items())


def parse_grant(entry: Mapping[str, object]) -> Grant:
    """Read an entry of the response of `ListGrants`.

    Raises:
        GrantError: The entry has no grantee or operations, or its constraints are not known.
    """
    name = str(entry.get("GrantId", "grant"))
    grantee, operations = entry.get("GranteePrincipal"), entry.get("Operations")
    if not isinstance(grantee, str):
        raise GrantError(name, "GranteePrincipal is not text", "Pass the ARN of the grantee.")
    if not isinstance(operations, Sequence) or isinstance(operations, str):
        raise GrantError(name, "Operations is not a list", "Pass the names of the operations.")
    constraints = entry.get("Constraints") or {}
    if not isinstance(constraints, Mapping) or not constraints.keys() <= set(_CONSTRAINTS):
        raise GrantError(name, f"Constraints is {constraints!r}", f"Use {' and '.join(_CONSTRAINTS)}.")
    equals, subset = (_pairs(constraints, each, name) for each in _CONSTRAINTS)
    return Grant(
        grantee=Principal("Service" if grantee.endswith((".amazonaws.com", ".amazonaws.com.cn")) else "AWS", grantee),
        operations=tuple(map(str, operations)),
        context_equals=equals,
        context_subset=subset,
        id=name,
    )


def _pairs(constraints: Mapping[str, object], constraint: str, name: str) -> Mapping[str, str] | None:
    pairs = constraints.get(constraint)
    if pairs is None:
        return None
    if not isinstance(pairs, Mapping):
        raise GrantError(name, f"{constraint} is {pairs!r}", "Pass the pairs of the encryption context.")
    return {str(key): str(value) for key, value in pairs.items()}
