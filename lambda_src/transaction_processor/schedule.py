"""A schedule that forms large chunks of records and keeps the order of records that share an ordering key."""

from collections.abc import Collection, Hashable, Sequence
from heapq import heappop, heappush


class Schedule:
    """A queue of indexes. An index is available when all earlier indexes with one of its ordering keys are finished.

    So an index that is never finished blocks the later ones with its ordering keys, and no others. Indexes with the
    longest chain of followers come first, so that later chunks are as large as possible.
    """

    def __init__(self, ordering_keys: Sequence[Collection[Hashable]]) -> None:
        count = len(ordering_keys)
        self._followers: list[list[int]] = [[] for _ in range(count)]
        self._unfinished_predecessors = [0] * count
        self._returns = [0] * count
        last: dict[Hashable, int] = {}
        for index, keys in enumerate(ordering_keys):
            for key in keys:
                if key in last:
                    self._followers[last[key]].append(index)
                    self._unfinished_predecessors[index] += 1
                last[key] = index
        self._chain_length = [0] * count
        for index in reversed(range(count)):
            self._chain_length[index] = 1 + max((self._chain_length[f] for f in self._followers[index]), default=0)
        self._available: list[tuple[int, int, int]] = []
        for index, predecessors in enumerate(self._unfinished_predecessors):
            if predecessors == 0:
                self._add(index)

    def take(self, limit: int) -> Sequence[int]:
        """Remove and return up to `limit` available indexes; no two of them share an ordering key."""
        return [heappop(self._available)[-1] for _ in range(min(limit, len(self._available)))]

    def finish(self, index: int) -> None:
        """Make each follower available whose last unfinished predecessor was this index."""
        for follower in self._followers[index]:
            self._unfinished_predecessors[follower] -= 1
            if self._unfinished_predecessors[follower] == 0:
                self._add(follower)

    def put_back(self, index: int) -> None:
        """Make the index available again, after those that were put back less often."""
        self._returns[index] += 1
        self._add(index)

    def _add(self, index: int) -> None:
        heappush(self._available, (self._returns[index], -self._chain_length[index], index))
