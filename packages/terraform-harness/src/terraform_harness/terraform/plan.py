"""The changes of a plan, down to each attribute and without secrets."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from terraform_harness.terraform.redaction import is_secret, part, redacted

type Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeChange:
    """An attribute that a plan would change; secrets are redacted."""

    path: str
    before: Json
    after: Json

    def __str__(self) -> str:
        """Return a line such as `tags.Name: "a" -> "b"`."""
        name = f"{self.path}: " if self.path else ""
        return f"{name}{json.dumps(self.before)} -> {json.dumps(self.after)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A resource that a plan would change; `actions` are those of Terraform, such as ("delete", "create")."""

    address: str
    type: str
    actions: tuple[str, ...]
    attributes: tuple[AttributeChange, ...]

    def __str__(self) -> str:
        """Return the actions, the address, and a line for each attribute."""
        lines = "".join(f"\n    {attribute}" for attribute in self.attributes)
        return f"{'/'.join(self.actions)} {self.address}{lines}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The changes of a plan; a read data source is not a change."""

    changes: tuple[Change, ...]

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Read the output of `terraform show -json`."""
        return cls(
            changes=tuple(
                _change(resource)
                for resource in json.loads(text).get("resource_changes", [])
                if resource["mode"] == "managed" and resource["change"]["actions"] != ["no-op"]
            )
        )

    @property
    def addresses(self) -> tuple[str, ...]:
        """The addresses of the resources that would change."""
        return tuple(change.address for change in self.changes)

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not self.changes

    def __str__(self) -> str:
        """Return the text of each change."""
        return "\n".join(map(str, self.changes)) or "no changes"


def _change(resource: Json) -> Change:
    change = resource["change"]
    pair = _Pair(
        before=change.get("before"),
        after=change.get("after"),
        unknown=change.get("after_unknown"),
        before_marks=change.get("before_sensitive"),
        after_marks=change.get("after_sensitive"),
    )
    return Change(
        address=resource["address"],
        type=resource["type"],
        actions=tuple(change["actions"]),
        attributes=tuple(pair.changes("")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    """A value before and after apply, with Terraform's marks: `unknown` before apply, or sensitive."""

    before: Json
    after: Json
    unknown: Json
    before_marks: Json
    after_marks: Json

    def changes(self, path: str) -> Iterator[AttributeChange]:
        """Yield the changes below a path."""
        if self.unknown is True:
            yield AttributeChange(path=path, before=self._shown(self.before), after="(known after apply)")
        elif isinstance(self.before, dict) and isinstance(self.after, dict):
            deeper = self.unknown.keys() if isinstance(self.unknown, dict) else set()
            for key in sorted(self.before.keys() | self.after.keys() | deeper):
                yield from self._member(key).changes(f"{path}.{key}" if path else key)
        elif isinstance(self.before, list) and isinstance(self.after, list) and len(self.before) == len(self.after):
            for index in range(len(self.before)):
                yield from self._member(index).changes(f"{path}[{index}]")
        elif self.before != self.after:
            yield AttributeChange(path=path, before=self._shown(self.before), after=self._shown(self.after))

    def _shown(self, value: Json) -> Json:
        # A value that is sensitive on one side is redacted on both: a configuration may drop the mark, not the value.
        return redacted(redacted(value, self.before_marks), self.after_marks)

    def _member(self, key: str | int) -> "_Pair":
        by_name = isinstance(key, str) and is_secret(key)
        return _Pair(
            before=part(self.before, key),
            after=part(self.after, key),
            unknown=part(self.unknown, key),
            before_marks=by_name or part(self.before_marks, key),
            after_marks=by_name or part(self.after_marks, key),
        )
