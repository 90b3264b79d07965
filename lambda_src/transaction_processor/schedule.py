"""The order in which a batch's records are handled: in bulk, and yet each after those that it must not overtake."""

from collections import deque
from collections.abc import Collection, Hashable, Sequence


class Schedule:
    """Hands out positions of a sequence, each only when every earlier one that shares a lane with it is finished.

    A position that is never finished therefore holds back all later ones of its lanes, and no others.
    """

    def __init__(self, lanes: Sequence[Collection[Hashable]]) -> None:
        self._waits_for = [0] * len(lanes)
        self._followers: list[list[int]] = [[] for _ in lanes]
        last: dict[Hashable, int] = {}
        for position, its_lanes in enumerate(lanes):
            for lane in its_lanes:
                if lane in last:
                    self._followers[last[lane]].append(position)
                    self._waits_for[position] += 1
                last[lane] = position
        self._ready = deque(position for position, count in enumerate(self._waits_for) if count == 0)

    def take(self, limit: int) -> Sequence[int]:
        """Return up to `limit` positions that may be handled together; none are left if there are none."""
        return [self._ready.popleft() for _ in range(min(limit, len(self._ready)))]

    def finish(self, position: int) -> None:
        """Let those go on that waited for this position."""
        for follower in self._followers[position]:
            self._waits_for[follower] -= 1
            if self._waits_for[follower] == 0:
                self._ready.append(follower)

    def put_back(self, position: int) -> None:
        """Let the position be taken again, after the others that are ready."""
        self._ready.append(position)
