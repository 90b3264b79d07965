"""Whatever the inventory can find, the sweep can delete."""

from terraform_harness.deployments import inventory, sweep


def test_each_kind_that_is_looked_for_can_be_deleted() -> None:
    assert list(sweep._DELETES) == list(inventory.KINDS)  # noqa: SLF001 - the two tables belong together
