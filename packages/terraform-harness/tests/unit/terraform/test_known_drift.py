"""A known gap of the emulator is left out of a plan, and nothing else is."""

from datetime import date

from terraform_harness.terraform.known_drift import KnownDrift, without_known_drift
from terraform_harness.terraform.plan import Change, Difference, Plan

GAP = KnownDrift(type="aws_thing*", path="tags*", reason="not returned", seen=date(2026, 11, 23))
TAG = Difference(path="tags_all.Name", before=None, after="a")
SIZE = Difference(path="size", before=1, after=2)


def plan(*differences: Difference, type_: str = "aws_thing", actions: tuple[str, ...] = ("update",)) -> Plan:
    return Plan(changes=(Change(address=f"{type_}.it", type=type_, actions=actions, differences=differences),))


def test_a_change_that_is_only_the_gap_is_left_out() -> None:
    assert without_known_drift(plan(TAG), [GAP]).empty


def test_another_attribute_of_the_same_resource_stays() -> None:
    remaining = without_known_drift(plan(TAG, SIZE), [GAP])

    assert str(remaining) == "update aws_thing.it\n    size: 1 -> 2"


def test_the_pattern_of_a_gap_covers_a_family_of_types() -> None:
    assert without_known_drift(plan(TAG, type_="aws_thing_rule"), [GAP]).empty


def test_another_type_is_not_covered() -> None:
    untouched = plan(TAG, type_="aws_other")

    assert without_known_drift(untouched, [GAP]) == untouched


def test_a_replacement_is_never_explained_away() -> None:
    replaced = plan(TAG, actions=("delete", "create"))

    assert without_known_drift(replaced, [GAP]) == replaced


def test_a_creation_is_never_explained_away() -> None:
    created = plan(actions=("create",))

    assert without_known_drift(created, [GAP]) == created
