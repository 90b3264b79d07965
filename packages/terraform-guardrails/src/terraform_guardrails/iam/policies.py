"""Reads the IAM policies of a configuration: JSON text, jsonencode(), and aws_iam_policy_document data sources.

Their values may be unknown before apply. `iam_policy_evaluator` compares the known ones.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import iam_policy_evaluator as evaluator
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.terraform.body import Body
from terraform_guardrails.terraform.stack import Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, joined, replaced

_MARK = "\ue000"  # a private-use character: it encloses the index of an unknown part of the JSON text
_DEEPEST = 10  # levels of documents that include documents


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One condition: operator, key, and the values to compare with."""

    operator: str
    key: str
    values: list[Value]


# Without slots, because each rule and each need asks for on_any_resource again, and it is cached.
@dataclass(frozen=True, kw_only=True)
class Statement:
    """One statement of a policy. `principals` maps a type such as "AWS" or "Service" to the principals."""

    label: str
    effect: str
    actions: list[str]
    resources: list[Value]
    principals: Mapping[str, list[Value]] = field(default_factory=dict)
    not_principals: Mapping[str, list[Value]] = field(default_factory=dict)
    not_actions: list[str] = field(default_factory=list)
    not_resources: list[Value] = field(default_factory=list)
    conditions: list[Condition] = field(default_factory=list)

    @property
    def allows(self) -> bool:
        """Whether the effect is Allow."""
        return self.effect == "Allow"

    def covers_action(self, action: str) -> bool:
        """Return whether Action or NotAction covers an action such as `kms:Decrypt`."""
        return evaluator.covers_action(self.on_any_resource, action)

    @cached_property
    def on_any_resource(self) -> evaluator.Statement:
        """Return the statement for the evaluator, on every resource and without conditions.

        Resources and conditions may be unknown. The caller decides about them.
        """
        return evaluator.Statement(
            effect=evaluator.Effect.ALLOW if self.allows else evaluator.Effect.DENY,
            actions=tuple(self.actions),
            not_actions=tuple(self.not_actions),
            resources=("*",),
        )


def verdict(action: str, applicable: Iterable[Statement]) -> evaluator.Verdict:
    """Decide about an action by statements that are known to apply to the resource and the caller."""
    policy = evaluator.Policy(name="policies", statements=tuple(each.on_any_resource for each in applicable))
    return evaluator.evaluate(evaluator.Request(action=action), identity=[policy]).verdict


def matches(pattern: str, text: str) -> bool:
    """Return whether an action, or a part of an ARN, matches a pattern with `*` and `?`.

    Case does not matter. AWS compares ARNs with case, so a rule misses a difference in case.
    """
    return evaluator.matches_action(pattern, text)


def statements(value: Value, stack: Stack) -> list[Statement]:
    """Return the statements of the policy in an attribute.

    Raises:
        UnknownValueError: the document, or an action in it, is not known before apply.
    """
    return list(_statements(value, stack, 0))


def _statements(value: Value, stack: Stack, depth: int) -> Iterator[Statement]:
    if depth > _DEEPEST:
        raise UnknownValueError("a policy document that includes itself")
    value = stack.followed(value)
    if isinstance(value, Reference):
        block = stack.block(value)
        if block is None or block.type != "aws_iam_policy_document" or {"json", "minified_json"}.isdisjoint(value.path):
            raise UnknownValueError(value)
        for name in ("source_policy_documents", "override_policy_documents"):
            for document in block.items(name):
                yield from _statements(document, stack, depth + 1)
        for number, each in enumerate(block.blocks("statement"), 1):
            yield _of_data_source(each, number)
        return
    found = _document(value).get("Statement")
    for number, statement in enumerate(_list(found), 1):
        if isinstance(statement, dict):
            yield _of_json(statement, number)


def _document(value: Value) -> Mapping[str, Value]:
    if isinstance(value, dict):
        return value
    if not isinstance(value, str | Template):
        raise UnknownValueError("the policy" if value is None or isinstance(value, list) else value)
    return _parsed(value)


@lru_cache(maxsize=1_000)
def _parsed(value: str | Template) -> Mapping[str, Value]:
    """Parse the JSON of a policy. Every alarm asks for the policies of its topic and key again."""
    parts = value.parts if isinstance(value, Template) else (value,)
    text = "".join(part if isinstance(part, str) else f"{_MARK}{index}{_MARK}" for index, part in enumerate(parts))
    try:
        document = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise UnknownValueError("the JSON of the policy") from error
    if not isinstance(document, dict):
        raise UnknownValueError("the JSON of the policy")
    return {key: replaced(item, lambda found: _restored(found, parts)) for key, item in document.items()}


def _restored(text: str, parts: tuple[str | Reference | Unknown, ...]) -> Value:
    """Replace the marks in a text with the unknown parts."""
    pieces = text.split(_MARK)
    if len(pieces) == 1:
        return text
    return joined([parts[int(piece)] if index % 2 else piece for index, piece in enumerate(pieces)])


def _of_json(raw: Mapping[str, Value], number: int) -> Statement:
    conditions = [
        Condition(operator=operator, key=key, values=_list(values))
        for operator, keys in _object(raw.get("Condition")).items()
        for key, values in _object(keys).items()
    ]
    return Statement(
        label=_label(raw.get("Sid"), number),
        effect=str(raw.get("Effect")),
        actions=_texts(raw.get("Action")),
        not_actions=_texts(raw.get("NotAction")),
        resources=_list(raw.get("Resource")),
        not_resources=_list(raw.get("NotResource")),
        principals=_principals(raw.get("Principal")),
        not_principals=_principals(raw.get("NotPrincipal")),
        conditions=conditions,
    )


def _of_data_source(body: Body, number: int) -> Statement:
    return Statement(
        label=_label(body.value("sid"), number),
        effect=body.text("effect") or "Allow",
        actions=_texts(body.items("actions")),
        not_actions=_texts(body.items("not_actions")),
        resources=body.items("resources"),
        not_resources=body.items("not_resources"),
        principals={each.text("type") or "": each.items("identifiers") for each in body.blocks("principals")},
        not_principals={each.text("type") or "": each.items("identifiers") for each in body.blocks("not_principals")},
        conditions=[
            Condition(operator=each.text("test") or "", key=each.text("variable") or "", values=each.items("values"))
            for each in body.blocks("condition")
        ],
    )


def _principals(raw: Value) -> dict[str, list[Value]]:
    if raw is None:
        return {}
    return {kind: _list(who) for kind, who in raw.items()} if isinstance(raw, dict) else {"AWS": _list(raw)}


def _label(sid: Value, number: int) -> str:
    return f"'{sid}'" if isinstance(sid, str) and sid else f"number {number}"


def _object(raw: Value) -> Mapping[str, Value]:
    return raw if isinstance(raw, dict) else {}


def _list(raw: Value) -> list[Value]:
    return raw if isinstance(raw, list) else [] if raw is None else [raw]


def _texts(raw: Value) -> list[str]:
    """Return actions as text.

    Raises:
        UnknownValueError: one of them is not known before apply.
    """
    actions = _list(raw)
    if not all(isinstance(action, str) for action in actions):
        raise UnknownValueError("an action of the policy")
    return [str(action) for action in actions]
