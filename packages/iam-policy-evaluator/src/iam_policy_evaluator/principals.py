"""Principals: the entries of Principal and NotPrincipal that name a caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from collections.abc import Iterable
from enum import IntEnum

from iam_policy_evaluator.policy import Effect, Statement
from iam_policy_evaluator.request import Principal

EVERYONE = Principal("AWS", "*")

_SESSION = re.compile(r"arn:[^:]+:sts::(?P<account>\d{12}):assumed-role/(?P<name>[^/]+)/.+")
_ROLE = re.compile(r"arn:[^:]+:iam::(?P<account>\d{12}):role/(?:.*/)?(?P<name>[^/]+)")
_ACCOUNT = re.compile(r"arn:[^:]+:(?:iam|sts)::(?P<account>\d{12}):.+")
_ACCOUNT_ENTRY = re.compile(r"arn:[^:]+:iam::(\d{12}):root|(\d{12})")
_ROOT = ":root"


class Naming(IntEnum):
    """Precision of an entry that names a caller. A resource policy grants more to a more exactly named caller.

    ACCOUNT delegates to the account. ROLE grants to every session of the role. CALLER grants to this caller.
    """

    NOT_NAMED = 0
    ACCOUNT = 1
    ROLE = 2
    CALLER = 3


def naming(statement: Statement, caller: Principal | None) -> Naming:
    """Return how a statement of a resource policy names a caller."""
    if not statement.not_principals:
        return max(_found(statement.principals, caller), default=Naming.NOT_NAMED)
    found = _found(statement.not_principals, caller)
    is_exempt = any(found) if statement.effect is Effect.ALLOW else _identities(caller) <= found
    return Naming.NOT_NAMED if is_exempt or EVERYONE in statement.not_principals else Naming.CALLER


def _found(entries: Iterable[Principal], caller: Principal | None) -> set[Naming]:
    return {_naming(entry, caller) for entry in entries}


def _identities(caller: Principal | None) -> set[Naming]:
    """Return all that NotPrincipal of a Deny must name to exempt a caller: AWS checks account, role and session.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
    """
    if caller is None or caller.type != "AWS" or caller.id.endswith(_ROOT):
        return {Naming.CALLER}
    if _SESSION.fullmatch(caller.id):
        return {Naming.ACCOUNT, Naming.ROLE, Naming.CALLER}
    return {Naming.ACCOUNT, Naming.ROLE if _ROLE.fullmatch(caller.id) else Naming.CALLER}


def _naming(entry: Principal, caller: Principal | None) -> Naming:
    if entry == EVERYONE:
        return Naming.CALLER
    if caller is None or entry.type != caller.type:
        return Naming.NOT_NAMED
    role = _ROLE.fullmatch(entry.id)
    if role and role.groupdict() == _role_of(caller):
        return Naming.ROLE
    account = _ACCOUNT_ENTRY.fullmatch(entry.id)
    if account and account[account.lastindex or 0] == _account_of(caller):
        return Naming.CALLER if caller.id.endswith(_ROOT) else Naming.ACCOUNT
    return Naming.CALLER if entry == caller else Naming.NOT_NAMED


def _role_of(caller: Principal) -> dict[str, str] | None:
    """Return the account and name of the caller's role. The ARN of a session does not have the role's path."""
    found = _SESSION.fullmatch(caller.id) or _ROLE.fullmatch(caller.id)
    return found.groupdict() if found else None


def _account_of(caller: Principal) -> str | None:
    found = _ACCOUNT.fullmatch(caller.id)
    return found["account"] if found else None
