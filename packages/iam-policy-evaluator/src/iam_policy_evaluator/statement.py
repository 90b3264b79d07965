"""Statements as values: a statement has conditions."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from iam_policy_evaluator.matching import Matcher, any_action
from iam_policy_evaluator.request import Principal


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


# Without slots, because the matcher of its actions is cached in it.
@dataclass(frozen=True, kw_only=True)
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

    @cached_property
    def covers(self) -> Matcher:
        """The matcher of Action or NotAction. It takes an action in lower case."""
        listed = any_action(self.not_actions or self.actions)
        return (lambda action: not listed(action)) if self.not_actions else listed


def covers_action(statement: Statement, action: str) -> bool:
    """Return whether Action or NotAction of a statement covers an action."""
    return statement.covers(action.lower())
