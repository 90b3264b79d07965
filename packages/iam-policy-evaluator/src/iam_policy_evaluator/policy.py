"""Policies as values: a policy has statements, a statement has conditions."""

from dataclasses import dataclass
from enum import StrEnum

from iam_policy_evaluator.request import Principal

CURRENT_VERSION = "2012-10-17"
VERSIONS = ("2008-10-17", CURRENT_VERSION)


class Effect(StrEnum):
    """The effect of a statement that applies."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One line of a Condition element: an operator, a condition key, and the values to compare with."""

    operator: str
    key: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement. `number` is its position in the policy and starts at 1."""

    effect: Effect
    sid: str = ""
    number: int = 1
    actions: tuple[str, ...] = ()
    not_actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    not_resources: tuple[str, ...] = ()
    principals: tuple[Principal, ...] = ()
    not_principals: tuple[Principal, ...] = ()
    conditions: tuple[Condition, ...] = ()

    @property
    def label(self) -> str:
        """The Sid in quotes, or the number of a statement without a Sid."""
        return f"'{self.sid}'" if self.sid else f"number {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy. Only version 2012-10-17 has policy variables."""

    name: str
    statements: tuple[Statement, ...]
    version: str = CURRENT_VERSION

    @property
    def has_variables(self) -> bool:
        """Whether `${...}` is a policy variable in this policy."""
        return self.version == CURRENT_VERSION
