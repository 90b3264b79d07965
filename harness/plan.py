"""What a plan would change, read from `terraform show -json`."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

type Value = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One attribute that a plan would change."""

    path: str
    before: Value
    after: Value

    def __str__(self) -> str:
        """`tags.Name: "a" -> "b"`."""
        return f"{self.path}: {json.dumps(self.before)} -> {json.dumps(self.after)}"


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
    unknown = change.get("after_unknown") or {}
    return Change(
        address=resource["address"],
        type=resource["type"],
        actions=tuple(change["actions"]),
        differences=tuple(_differences(change.get("before"), change.get("after"), unknown, "")),
    )


def _differences(before: Value, after: Value, unknown: Value, path: str) -> Iterator[Difference]:
    """Walk two values down to where they differ."""
    if unknown is True:
        yield Difference(path=path, before=before, after="(known after apply)")
    elif isinstance(before, dict) and isinstance(after, dict):
        deeper = unknown if isinstance(unknown, dict) else {}
        for key in sorted(before.keys() | after.keys() | deeper.keys()):
            inner = f"{path}.{key}" if path else key
            yield from _differences(before.get(key), after.get(key), deeper.get(key), inner)
    elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        for index, (old, new) in enumerate(zip(before, after, strict=True)):
            deeper_item = unknown[index] if isinstance(unknown, list) and index < len(unknown) else None
            yield from _differences(old, new, deeper_item, f"{path}[{index}]")
    elif before != after:
        yield Difference(path=path, before=before, after=after)
