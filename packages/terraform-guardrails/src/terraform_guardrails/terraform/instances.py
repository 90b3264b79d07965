"""The instances in a plan of each resource and each module call that has `for_each` or `count`."""

from collections.abc import Iterable, Iterator

from terraform_guardrails.terraform.addresses import Address, parsed, prefix_of, without_index
from terraform_guardrails.terraform.values import Reference

NO_KEYS: frozenset[str] = frozenset()
UNKNOWN_KEYS = frozenset({"?"})  # a part of the expression may be the key, and the plan does not state it


class Instances:
    """Which instances there are, and which one of them a reference means."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = frozenset(addresses)
        self._blocks = frozenset(map(without_index, self._addresses))
        self._indices: dict[str, set[str]] = {}
        for address in self._addresses:
            for made_from, index in _levels(parsed(address)):
                self._indices.setdefault(made_from, set()).add(index)

    def chosen(self, made_from: str, keys: frozenset[str]) -> str:
        """The index of the instance that a key names, or of the only one; "" if none is certain."""
        known = self._indices.get(made_from, set())
        fitting = {key for key in keys if _kind(key) in map(_kind, known)}
        if not fitting:
            return next(iter(known)) if len(known) == 1 else ""
        named = fitting & known
        return named.pop() if len(named) == 1 and UNKNOWN_KEYS.isdisjoint(keys) else ""

    def holds(self, reference: Reference) -> bool:
        """Whether a reference names one instance for certain."""
        if reference.address + reference.index in self._addresses:
            return True
        # A data source that was read for the plan has no instance there.
        return bool(reference.attributes) and without_index(reference.address) not in self._blocks


def _levels(address: Address) -> Iterator[tuple[str, str]]:
    """Each module call, and the block, with the index of the instance that leads to an address."""
    for depth, module in enumerate(address.modules):
        name = without_index(module)
        yield f"{prefix_of(address.modules[:depth])}module.{name}", module[len(name) :]
    yield prefix_of(address.modules) + address.block, address.index


def _kind(index: str) -> str:
    """What tells the index of a `for_each`, which is quoted, from the one of a `count`."""
    return index[:2] if index.startswith('["') else index[:1]
