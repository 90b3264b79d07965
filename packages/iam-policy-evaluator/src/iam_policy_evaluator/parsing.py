"""Reads policy documents.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
"""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Literal, get_args

from iam_policy_evaluator.conditions import condition_problem
from iam_policy_evaluator.errors import PolicyError
from iam_policy_evaluator.policy import VERSIONS, Policy
from iam_policy_evaluator.principals import EVERYONE
from iam_policy_evaluator.request import Principal, PrincipalType
from iam_policy_evaluator.statement import Condition, Effect, Statement

_POLICY_ELEMENTS = ("Version", "Id", "Statement")
_PAIRS = (("Action", "NotAction"), ("Resource", "NotResource"), ("Principal", "NotPrincipal"))
_STATEMENT_ELEMENTS = ("Sid", "Effect", "Condition", *(name for pair in _PAIRS for name in pair))
# An emulator decides many requests under the same policies. A changed document is another text.
_CACHE_SIZE = 1_000
_TYPES: tuple[PrincipalType, ...] = get_args(PrincipalType)


def parse_policy(document: str | Mapping[str, object], *, name: str = "policy") -> Policy:
    """Read a policy document, as JSON text or as the object that the text stands for.

    The same text and name return the same policy, which is compiled once.

    Args:
        document: The policy document.
        name: The name that decisions and errors give to the policy.

    Raises:
        PolicyError: AWS would reject the document, or this package does not know one of its operators.
    """
    return _parse_text(document, name) if isinstance(document, str) else _Parser(name).policy(document)


@lru_cache(maxsize=_CACHE_SIZE)
def _parse_text(text: str, name: str) -> Policy:
    parser = _Parser(name)
    return parser.policy(parser.json(text))


class _Parser:
    """Reads one document and reports each problem under the policy's name."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._statement = ""

    def policy(self, document: object) -> Policy:
        content = self._mapping(document, "the document")
        self._check_elements(content, _POLICY_ELEMENTS)
        version = content.get("Version", VERSIONS[0])
        if version not in VERSIONS:
            raise self._error(f"Version is {version!r}", f"Use {VERSIONS[1]!r} or {VERSIONS[0]!r}.")
        found = content.get("Statement")
        statements = found if isinstance(found, list) else [found]
        return Policy(
            name=self._name,
            version=str(version),
            statements=tuple(self._read_statement(each, number) for number, each in enumerate(statements, 1)),
        )

    def json(self, text: str) -> object:
        try:
            content: object = json.loads(text, object_pairs_hook=self._object)
        except (json.JSONDecodeError, RecursionError) as error:
            raise self._error(f"the document is not JSON ({error})", "Correct the JSON.") from error
        return content

    def _object(self, pairs: list[tuple[str, object]]) -> dict[str, object]:
        content = dict(pairs)
        if len(content) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise self._error(f"an object has {twice!r} more than once", "Merge the entries.")
        return content

    def _read_statement(self, raw: object, number: int) -> Statement:
        self._statement = f"number {number}"
        content = self._mapping(raw, "the statement")
        sid = content.get("Sid", "")
        if not isinstance(sid, str):
            raise self._error("Sid is not text", "Write it as a JSON string.")
        self._statement = f"'{sid}'" if sid else self._statement
        self._check_elements(content, _STATEMENT_ELEMENTS)
        for pair in _PAIRS:
            if content.keys() >= set(pair):
                raise self._error(f"it has both {pair[0]} and {pair[1]}", "Keep one of them.")
        if content.keys().isdisjoint(_PAIRS[0]):
            raise self._error("it has neither Action nor NotAction", "Add one of them.")
        return Statement(
            sid=sid,
            number=number,
            effect=self._effect(content.get("Effect")),
            actions=self._texts(content, "Action"),
            not_actions=self._texts(content, "NotAction"),
            resources=self._texts(content, "Resource"),
            not_resources=self._texts(content, "NotResource"),
            principals=tuple(self._principals(content, "Principal")),
            not_principals=tuple(self._principals(content, "NotPrincipal")),
            conditions=tuple(self._conditions(content)),
        )

    def _effect(self, raw: object) -> Effect:
        if raw not in tuple(Effect):
            raise self._error(f"Effect is {raw!r}", "Use 'Allow' or 'Deny'.")
        return Effect(str(raw))

    def _principals(
        self, content: Mapping[str, object], element: Literal["Principal", "NotPrincipal"]
    ) -> Iterator[Principal]:
        if element not in content:
            return
        raw = content[element]
        if raw == "*":
            yield EVERYONE
            return
        entries = self._mapping(raw, element)
        for found in entries:
            known = next((each for each in _TYPES if each == found), None)
            if known is None:
                raise self._error(f"{element} has the type {found!r}", f"Use one of {', '.join(_TYPES)}.")
            yield from (Principal(known, each) for each in self._texts(entries, found))

    def _conditions(self, content: Mapping[str, object]) -> Iterator[Condition]:
        for operator, raw in self._mapping(content.get("Condition", {}), "Condition").items():
            keys = self._mapping(raw, f"Condition {operator}")
            for key in keys:
                condition = Condition(operator=operator, key=key, values=self._texts(keys, key))
                problem = condition_problem(condition)
                if problem:
                    raise self._error(problem, "Correct the Condition element.")
                yield condition

    def _texts(self, content: Mapping[str, object], element: str) -> tuple[str, ...]:
        """Return the values of an element. JSON numbers and booleans become text, as in AWS."""
        raw = content.get(element, [])
        values = raw if isinstance(raw, list) else [raw]
        if element in content and not values:
            raise self._error(f"{element} is empty", "Add a value.")
        if not all(isinstance(value, str | int | float) for value in values):
            raise self._error(f"{element} has a value that is not text", "Write each value as a JSON string.")
        return tuple(str(value).lower() if isinstance(value, bool) else str(value) for value in values)

    def _mapping(self, raw: object, what: str) -> Mapping[str, object]:
        if not isinstance(raw, Mapping):
            raise self._error(f"{what} is not a JSON object", "Write it in braces.")
        return raw

    def _check_elements(self, content: Mapping[str, object], known: tuple[str, ...]) -> None:
        for name in content:
            if name not in known:
                raise self._error(f"{name!r} is not a policy element", f"Use {', '.join(known)}.")

    def _error(self, problem: str, remedy: str) -> PolicyError:
        return PolicyError(self._name, problem, remedy, statement=self._statement)
