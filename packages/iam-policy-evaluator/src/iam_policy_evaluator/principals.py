"""Principals: the entries of Principal and NotPrincipal that name a caller.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
"""

import re
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from iam_policy_evaluator.request import Principal

EVERYONE = Principal("AWS", "*")

_SESSION = re.compile(r"arn:[^:]+:sts::(\d{12}):assumed-role/([^/]+)/.+")
_ROLE = re.compile(r"arn:[^:]+:iam::(\d{12}):role/(?:.*/)?([^/]+)")
_ACCOUNT = re.compile(r"arn:[^:]+:(?:iam|sts)::(\d{12}):.+")
_ACCOUNT_ENTRY = re.compile(r"arn:[^:]+:iam::(\d{12}):root|(\d{12})")
_ROOT = ":root"
# An emulator has few callers, and policies repeat the same entries.
_CACHE_SIZE = 10_000


class Naming(IntEnum):
    """Precision of an entry that names a caller. A resource policy grants more to a more exactly named caller.

    ACCOUNT delegates to the account. ROLE grants to every session of the role. CALLER grants to this caller.
    """

    NOT_NAMED = 0
    ACCOUNT = 1
    ROLE = 2
    CALLER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """A caller, with what its ARN says about it.

    Attributes:
        principal: The caller, None for an anonymous one.
        account: The account of the caller.
        role: The account and name of the caller's role. The ARN of a session does not have the role's path.
        is_session: Whether the caller is a session of a role.
    """

    principal: Principal | None
    account: str | None = None
    role: tuple[str, str] | None = None
    is_session: bool = False

    @property
    def is_identity(self) -> bool:
        """Whether the caller may have identity policies: an IAM identity, or one that the request does not name."""
        return self.principal is None or self.principal.type == "AWS"

    @property
    def is_root(self) -> bool:
        """Whether the caller is the root user of its account."""
        return self.account is not None and self.principal is not None and self.principal.id.endswith(_ROOT)

    @property
    def is_federated_user(self) -> bool:
        """Whether the caller has a session of `GetFederationToken`."""
        return self.account is not None and self.principal is not None and ":federated-user/" in self.principal.id

    @property
    def identities(self) -> set[Naming]:
        """All that NotPrincipal of a Deny must name to exempt the caller: AWS checks account, role and session.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html
        """
        if self.principal is None or self.principal.type != "AWS" or self.is_root:
            return {Naming.CALLER}
        if self.is_session:
            return {Naming.ACCOUNT, Naming.ROLE, Naming.CALLER}
        return {Naming.ACCOUNT, Naming.ROLE if self.role else Naming.CALLER}


@lru_cache(maxsize=_CACHE_SIZE)
def caller_of(principal: Principal | None) -> Caller:
    """Read the ARN of a caller."""
    if principal is None or principal.type != "AWS":
        return Caller(principal=principal)
    session = _SESSION.fullmatch(principal.id)
    role = session or _ROLE.fullmatch(principal.id)
    account = _ACCOUNT.fullmatch(principal.id)
    return Caller(
        principal=principal,
        account=account[1] if account else None,
        role=(role[1], role[2]) if role else None,
        is_session=session is not None,
    )


class Entries:
    """The entries of a Principal or NotPrincipal element, ready to be compared with callers."""

    __slots__ = ("_accounts", "_exact", "_roles", "has_everyone")

    def __init__(self, entries: tuple[Principal, ...]) -> None:
        arns = [entry.id for entry in entries if entry.type == "AWS"]
        self.has_everyone = EVERYONE in entries
        self._exact = frozenset(entries)
        self._accounts = {found[1] or found[2] for found in map(_ACCOUNT_ENTRY.fullmatch, arns) if found}
        self._roles = {(found[1], found[2]) for found in map(_ROLE.fullmatch, arns) if found}

    def namings(self, caller: Caller) -> set[Naming]:
        """Return how precisely each entry that names a caller names it."""
        found = set()
        is_role = caller.role is not None and not caller.is_session
        if self.has_everyone or (caller.principal in self._exact and not is_role):
            found.add(Naming.CALLER)
        if caller.role in self._roles:
            found.add(Naming.ROLE)
        if caller.account in self._accounts:
            found.add(Naming.CALLER if caller.is_root else Naming.ACCOUNT)
        return found

    def naming(self, caller: Caller) -> Naming:
        """Return the precision of the most exact entry that names a caller."""
        return max(self.namings(caller), default=Naming.NOT_NAMED)


@lru_cache(maxsize=_CACHE_SIZE)
def entries_of(principals: tuple[Principal, ...]) -> Entries:
    """Compile the entries of an element."""
    return Entries(principals)
