"""Lists the instances of resources and module calls in a plan."""

from collections.abc import Iterable, Iterator

from terraform_guardrails.terraform.addresses import Address, parsed, prefix_of, without_index
from terraform_guardrails.terraform.values import Reference

NO_KEYS: frozenset[str] = frozenset()
UNKNOWN_KEYS = frozenset({"?"})  # a part of the expression may be the key, but the plan does not contain it


class Instances:
    """The instances in a plan, found by the keys of `for_each` or `count`."""

    def __init__(self, addresses: Iterable[str]) -> None:
        self._addresses = frozenset(addresses)
        self._blocks = frozenset(map(without_index, self._addresses))
        self._indices: dict[str, set[str]] = {}
        for address in self._addresses:
            for block, index in _levels(parsed(address)):
                self._indices.setdefault(block, set()).add(index)

    def chosen(self, block: str, keys: frozenset[str]) -> str:
        """Return the index of the instance with a key, or of the only instance; "" if it is uncertain."""
        known = self._indices.get(block, set())
        fitting = {key for key in keys if _kind(key) in map(_kind, known)}
        if not fitting:
            return next(iter(known)) if len(known) == 1 else ""
        named = fitting & known
        return named.pop() if len(named) == 1 and UNKNOWN_KEYS.isdisjoint(keys) else ""

    def holds(self, reference: Reference) -> bool:
        """Return whether a reference names exactly one instance."""
        if reference.address + reference.index in self._addresses:
            return True
        # A data source that Terraform read during planning has no instance in the plan.
        return bool(reference.attributes) and without_index(reference.address) not in self._blocks


def _levels(address: Address) -> Iterator[tuple[str, str]]:
    """Yield each module call of an address, then its block, each with the index of the instance."""
    for depth, module in enumerate(address.modules):
        name = without_index(module)
        yield f"{prefix_of(address.modules[:depth])}module.{name}", module[len(name) :]
    yield prefix_of(address.modules) + address.block, address.index


def _kind(index: str) -> str:
    """Return the start of an index, which differs between `for_each` (quoted) and `count`."""
    return index[:2] if index.startswith('["') else index[:1]
