"""What a plan would change, read from `terraform show -json`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from terraform_harness.terraform.redaction import is_secret, part, redacted

type Value = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One attribute that a plan would change; secrets are blotted out."""

    path: str
    before: Value
    after: Value

    def __str__(self) -> str:
        """`tags.Name: "a" -> "b"`."""
        where = f"{self.path}: " if self.path else ""
        return f"{where}{json.dumps(self.before)} -> {json.dumps(self.after)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One resource that a plan would touch; `actions` are Terraform's words, such as ("delete", "create")."""

    address: str
    type: str
    actions: tuple[str, ...]
    differences: tuple[Difference, ...]

    def __str__(self) -> str:
        """The action, the address, and a line for each attribute."""
        lines = "".join(f"\n    {difference}" for difference in self.differences)
        return f"{'/'.join(self.actions)} {self.address}{lines}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The changes of a plan, without those that change nothing."""

    changes: tuple[Change, ...]

    @classmethod
    def from_json(cls, text: str) -> "Plan":
        """Read the output of `terraform show -json`."""
        resources: Sequence[Mapping[str, Value]] = json.loads(text).get("resource_changes", [])
        return cls(changes=tuple(_change(one) for one in resources if _touches(one)))

    @property
    def addresses(self) -> tuple[str, ...]:
        """The resources that would change."""
        return tuple(change.address for change in self.changes)

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not self.changes

    def __str__(self) -> str:
        """A line for each change, and its attributes."""
        return "\n".join(map(str, self.changes)) or "no changes"


def _touches(resource: Mapping[str, Value]) -> bool:
    """Whether a resource is managed and would change; reading a data source is no change."""
    managed: bool = resource["mode"] == "managed"
    return managed and resource["change"]["actions"] != ["no-op"]


def _change(resource: Mapping[str, Value]) -> Change:
    change = resource["change"]
    compared = _Compared(
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
        differences=tuple(compared.differences()),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Compared:
    """Two values of an attribute, with what Terraform says of them: known only after apply, or a secret."""

    before: Value
    after: Value
    unknown: Value
    before_marks: Value
    after_marks: Value
    path: str = ""

    def differences(self) -> Iterator[Difference]:
        """Walk down to where they differ."""
        if self.unknown is True:
            yield self._difference("(known after apply)")
        elif isinstance(self.before, dict) and isinstance(self.after, dict):
            deeper = self.unknown.keys() if isinstance(self.unknown, dict) else set()
            for key in sorted(self.before.keys() | self.after.keys() | deeper):
                yield from self._member(key, f"{self.path}.{key}" if self.path else key).differences()
        elif isinstance(self.before, list) and isinstance(self.after, list) and len(self.before) == len(self.after):
            for index in range(len(self.before)):
                yield from self._member(index, f"{self.path}[{index}]").differences()
        elif self.before != self.after:
            yield self._difference(self._shown(self.after))

    def _difference(self, after: Value) -> Difference:
        return Difference(path=self.path, before=self._shown(self.before), after=after)

    def _shown(self, value: Value) -> Value:
        # Whatever either side marks is a secret on both: a configuration may drop the mark and keep the value.
        return redacted(redacted(value, self.before_marks), self.after_marks)

    def _member(self, key: str | int, path: str) -> "_Compared":
        by_name = isinstance(key, str) and is_secret(key)
        return _Compared(
            before=part(self.before, key),
            after=part(self.after, key),
            unknown=part(self.unknown, key),
            before_marks=by_name or part(self.before_marks, key),
            after_marks=by_name or part(self.after_marks, key),
            path=path,
        )
