"""A plan shows each attribute that would change."""

import json

import pytest

from terraform_harness.terraform.plan import Plan


def plan_of(
    before: object,
    after: object,
    *,
    unknown: object = None,
    secret: object = False,
    actions: tuple[str, ...] = ("update",),
) -> Plan:
    before_marks, after_marks = secret if isinstance(secret, tuple) else (secret, secret)
    marks = {"after_unknown": unknown or {}, "before_sensitive": before_marks, "after_sensitive": after_marks}
    change = {"actions": list(actions), "before": before, "after": after, **marks}
    resource = {"address": "aws_thing.it", "type": "aws_thing", "mode": "managed", "change": change}
    return Plan.from_json(json.dumps({"resource_changes": [resource]}))


def test_plan_without_changes_is_empty() -> None:
    plan = plan_of({"a": 1}, {"a": 1}, actions=("no-op",))

    assert (plan.empty, str(plan)) == (True, "no changes")


def test_plan_without_resources_is_empty() -> None:
    assert Plan.from_json("{}").empty


def test_read_data_source_is_not_a_change() -> None:
    change: dict[str, object] = {"actions": ["read"], "before": None, "after": {}}
    resource = {"address": "data.aws_thing.it", "type": "aws_thing", "mode": "data", "change": change}

    assert Plan.from_json(json.dumps({"resource_changes": [resource]})).empty


def test_nested_attribute_has_a_path() -> None:
    plan = plan_of({"rules": [{"port": 1}, {"port": 2}]}, {"rules": [{"port": 1}, {"port": 3}]})

    assert str(plan) == "update aws_thing.it\n    rules[1].port: 2 -> 3"


def test_lists_of_different_length_are_shown_whole() -> None:
    plan = plan_of({"zones": ["a"]}, {"zones": ["a", "b"]})

    assert str(plan) == 'update aws_thing.it\n    zones: ["a"] -> ["a", "b"]'


def test_value_that_is_known_after_apply() -> None:
    plan = plan_of({"arn": "x", "tags": ["t"]}, {"tags": ["t"]}, unknown={"arn": True, "tags": [False]})

    assert str(plan) == 'update aws_thing.it\n    arn: "x" -> "(known after apply)"'


def test_replacement_has_both_actions() -> None:
    plan = plan_of({"name": "a"}, {"name": "b"}, actions=("delete", "create"))

    assert str(plan) == 'delete/create aws_thing.it\n    name: "a" -> "b"'


def test_changed_secret_is_redacted() -> None:
    plan = plan_of({"master": "hunter1", "size": 1}, {"master": "hunter2", "size": 2}, secret={"master": True})

    assert str(plan) == ('update aws_thing.it\n    master: "(redacted)" -> "(redacted)"\n    size: 1 -> 2')


@pytest.mark.parametrize(
    ("before_marks", "after_marks"),
    [
        pytest.param({"users": [{"login": True}]}, {}, id="only before"),
        pytest.param({}, {"users": [{"login": True}]}, id="only after"),
        pytest.param({"users": True}, {"users": [{}]}, id="as a whole before"),
        pytest.param(False, True, id="everything after"),
    ],
)
def test_value_that_is_sensitive_on_one_side_is_redacted_on_both(before_marks: object, after_marks: object) -> None:
    plan = plan_of(
        {"users": [{"login": "hunter1"}]},
        {"users": [{"login": "hunter2"}]},
        secret=(before_marks, after_marks),
    )

    assert str(plan) == 'update aws_thing.it\n    users[0].login: "(redacted)" -> "(redacted)"'


def test_longer_list_is_redacted_on_both_sides() -> None:
    plan = plan_of(
        {"users": [{"login": "hunter1"}]},
        {"users": [{"login": "hunter2"}, {"login": "guest"}]},
        secret=({"users": [{"login": True}]}, {}),
    )

    assert str(plan) == (
        'update aws_thing.it\n    users: [{"login": "(redacted)"}] -> [{"login": "(redacted)"}, {"login": "guest"}]'
    )


def test_secret_that_is_known_after_apply_is_redacted() -> None:
    plan = plan_of({"login": "hunter1"}, {}, unknown={"login": True}, secret=({}, {"login": True}))

    assert str(plan) == 'update aws_thing.it\n    login: "(redacted)" -> "(known after apply)"'


def test_variables_of_a_function_are_redacted() -> None:
    plan = plan_of(
        {"environment": [{"variables": {"API_KEY": "hunter1"}}]},
        {"environment": [{"variables": {"API_KEY": "hunter2"}}]},
    )

    assert str(plan) == ('update aws_thing.it\n    environment[0].variables.API_KEY: "(redacted)" -> "(redacted)"')


def test_created_resource_is_shown_without_its_secrets() -> None:
    plan = plan_of(
        None, {"name": "a", "users": [{"login": "hunter1"}]}, secret={"users": [{"login": True}]}, actions=("create",)
    )

    assert str(plan) == 'create aws_thing.it\n    null -> {"name": "a", "users": [{"login": "(redacted)"}]}'
