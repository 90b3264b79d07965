"""The capacity of the ledger and of its index, in units a second: on-demand or provisioned."""

from dataclasses import dataclass

# The function reads only where the ledger holds the transaction already: few reads for many writes.
_WRITES_PER_READ = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ScalingLimits:
    """The units that auto scaling starts with, for writes and for reads, and its maximum for each."""

    min_write_units: int
    min_read_units: int
    max_units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """The capacity of a table, and of its index. It has write and read units, or it is on-demand."""

    write_units: int | None = None
    read_units: int | None = None
    scaling: ScalingLimits | None = None
    on_demand_ceiling: int | None = None

    @property
    def billing_mode(self) -> str:
        """The name of the mode in DynamoDB."""
        return "PAY_PER_REQUEST" if self.write_units is None else "PROVISIONED"

    def ignored_changes(self, *, has_index: bool) -> list[str]:
        """Return the attributes of the table that auto scaling changes outside of Terraform."""
        if self.scaling is None:
            return []
        # The indexes are a set of blocks. Terraform can ignore the set, but not one attribute of a block in it.
        return ["read_capacity", "write_capacity", *(["global_secondary_index"] if has_index else [])]


def capacity(*, min_write_units: int | None, max_write_units: int | None) -> Capacity:
    """Return the capacity within the limits: on-demand without a minimum, fixed if the limits are equal."""
    if min_write_units is None:
        return Capacity(on_demand_ceiling=max_write_units)
    read_units = max(1, min_write_units // _WRITES_PER_READ)
    return Capacity(
        write_units=min_write_units,
        read_units=read_units,
        scaling=None
        if max_write_units is None or max_write_units == min_write_units
        else ScalingLimits(min_write_units=min_write_units, min_read_units=read_units, max_units=max_write_units),
    )
