"""Mutations that break the JSON of a stack in one place."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

type Stack = dict[str, Any]
type Mutate = Callable[[Stack], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A mutation of the stack, and the rules that must find it."""

    name: str
    mutate: Mutate
    rules: frozenset[str]


def mutant(name: str, mutate: Mutate, *rules: str) -> Mutant:
    return Mutant(name=name, mutate=mutate, rules=frozenset(rules))


def only(stack: Stack, type_: str) -> str:
    (name,) = stack["resource"][type_]
    return str(name)


def removing(type_: str, name: str) -> Mutate:
    return lambda stack: stack["resource"][type_].pop(name)


def adding(type_: str, body: dict[str, Any]) -> Mutate:
    return lambda stack: stack["resource"].setdefault(type_, {}).update(added=body)


def updating(type_: str, name: str, **change: object) -> Mutate:
    return lambda stack: stack["resource"][type_][name].update(change)


def policy_without(type_: str, name: str, unwanted: Callable[[dict[str, Any]], bool]) -> Mutate:
    return editing(type_, name, lambda statements: [each for each in statements if not unwanted(each)])


def policy_with(type_: str, name: str, statement: dict[str, Any]) -> Mutate:
    return editing(type_, name, lambda statements: [*statements, statement])


def is_called(sid: str) -> Callable[[dict[str, Any]], bool]:
    return lambda statement: statement["Sid"] == sid


def without_action(name: str, action: str) -> Mutate:
    return editing(
        "aws_iam_role_policy",
        name,
        lambda statements: [
            {**each, "Action": [one for one in each["Action"] if one != action]} if each["Effect"] == "Allow" else each
            for each in statements
        ],
    )


def misspelling(name: str, action: str) -> Mutate:
    wrong = action[:-1] + "x"
    return editing(
        "aws_iam_role_policy",
        name,
        lambda statements: json.loads(json.dumps(statements).replace(f'"{action}"', f'"{wrong}"')),
    )


def editing(type_: str, name: str, change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]]) -> Mutate:
    def mutate(stack: Stack) -> None:
        resource = stack["resource"][type_][name]
        policy = json.loads(resource["policy"])
        resource["policy"] = json.dumps({**policy, "Statement": change(policy["Statement"])})

    return mutate


def renaming(name: str) -> Mutate:
    """Remove the suffix from a name everywhere in the stack."""
    pattern = re.compile(re.escape(json.dumps(name)[1:-1]) + r"(?![\w-])")

    def mutate(stack: Stack) -> None:
        renamed = json.loads(pattern.sub(name.replace("-dev", "", 1), json.dumps(stack["resource"])))
        stack["resource"] = renamed

    return mutate
