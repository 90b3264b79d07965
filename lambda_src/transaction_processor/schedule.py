"""The order in which a batch's records are handled: in bulk, and yet each after those that it must not overtake."""

from collections.abc import Collection, Hashable, Sequence
from heapq import heappop, heappush


class Schedule:
    """Hands out positions of a sequence, each only when every earlier one that shares a lane with it is finished.

    A position that is never finished therefore holds back all later ones of its lanes, and no others. Those with the
    longest queue behind them go first, so that as many as possible can be handled together.
    """

    def __init__(self, lanes: Sequence[Collection[Hashable]]) -> None:
        self._followers: list[list[int]] = [[] for _ in lanes]
        self._waits_for = [0] * len(lanes)
        self._returns = [0] * len(lanes)
        last: dict[Hashable, int] = {}
        for position, its_lanes in enumerate(lanes):
            for lane in its_lanes:
                if lane in last:
                    self._followers[last[lane]].append(position)
                    self._waits_for[position] += 1
                last[lane] = position
        self._queue = [0] * len(lanes)
        for position in reversed(range(len(lanes))):
            self._queue[position] = 1 + max((self._queue[f] for f in self._followers[position]), default=0)
        self._ready: list[tuple[int, int, int]] = []
        for position, count in enumerate(self._waits_for):
            if count == 0:
                self._add(position)

    def take(self, limit: int) -> Sequence[int]:
        """Return up to `limit` positions that may be handled together; none are left if there are none."""
        return [heappop(self._ready)[-1] for _ in range(min(limit, len(self._ready)))]

    def finish(self, position: int) -> None:
        """Let those go on that waited for this position."""
        for follower in self._followers[position]:
            self._waits_for[follower] -= 1
            if self._waits_for[follower] == 0:
                self._add(follower)

    def put_back(self, position: int) -> None:
        """Let the position be taken again, after those that were put back less often."""
        self._returns[position] += 1
        self._add(position)

    def _add(self, position: int) -> None:
        heappush(self._ready, (self._returns[position], -self._queue[position], position))
