"""Only known drift is removed from a plan."""

from datetime import date

from terraform_harness.terraform.known_drift import KnownDrift, without_known_drift
from terraform_harness.terraform.plan import AttributeChange, Change, Plan

KNOWN = KnownDrift(type="aws_thing*", path="tags*", reason="not returned", seen=date(2026, 11, 23))
TAG = AttributeChange(path="tags_all.Name", before=None, after="a")
SIZE = AttributeChange(path="size", before=1, after=2)


def plan(*attributes: AttributeChange, type_: str = "aws_thing", actions: tuple[str, ...] = ("update",)) -> Plan:
    return Plan(changes=(Change(address=f"{type_}.it", type=type_, actions=actions, attributes=attributes),))


def test_change_with_only_known_drift_is_removed() -> None:
    assert without_known_drift(plan(TAG), [KNOWN]).empty


def test_other_attribute_of_the_resource_remains() -> None:
    remaining = without_known_drift(plan(TAG, SIZE), [KNOWN])

    assert str(remaining) == "update aws_thing.it\n    size: 1 -> 2"


def test_known_drift_has_a_pattern_of_types() -> None:
    assert without_known_drift(plan(TAG, type_="aws_thing_rule"), [KNOWN]).empty


def test_other_type_is_not_known_drift() -> None:
    untouched = plan(TAG, type_="aws_other")

    assert without_known_drift(untouched, [KNOWN]) == untouched


def test_replacement_is_never_known_drift() -> None:
    replaced = plan(TAG, actions=("delete", "create"))

    assert without_known_drift(replaced, [KNOWN]) == replaced


def test_creation_is_never_known_drift() -> None:
    created = plan(actions=("create",))

    assert without_known_drift(created, [KNOWN]) == created
