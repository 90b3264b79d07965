"""Lists the existing resources with the target's own APIs.

An interrupted apply can create a resource that the provider has not yet written into the state.
"""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from itertools import product

from terraform_harness.deployments.kinds import KINDS, Tags
from terraform_harness.targets.target import Target
from terraform_harness.terraform.resource_types import GLOBAL_KINDS, Key, key_of

_AT_ONCE = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """An existing resource.

    Args:
        kind: One of `KINDS`.
        name: Its name without Region and account.
        identifier: The argument of its delete call.
        region: Its Region; for a global resource, the Region that listed it.
        tags: The tags that the list call returned; None if that call returns no tags.
    """

    kind: str
    name: str
    identifier: str
    region: str
    tags: Tags | None = field(default=None, compare=False)

    @property
    def key(self) -> Key:
        """Its key in the record of a run."""
        return key_of(self.kind, self.name, self.region)

    def __str__(self) -> str:
        """Return the kind and the name."""
        return f"{self.kind} {self.name}"


def existing(target: Target, kinds: Collection[str] = KINDS.keys()) -> Sequence[Resource]:
    """List the resources of these kinds in the Regions of the target, in the order of deletion."""

    def listed(kind: str, region: str) -> Sequence[Resource]:
        found = KINDS[kind].find(partial(target.client, region=region))
        return [
            Resource(kind=kind, name=name, identifier=identifier, region=region, tags=tags)
            for name, identifier, tags in found
        ]

    wanted = [
        (kind, region)
        for kind, region in product(KINDS, target.regions)
        if kind in kinds and (region == target.regions[0] or kind not in GLOBAL_KINDS)
    ]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        return [resource for found in pool.map(lambda each: listed(*each), wanted) for resource in found]
