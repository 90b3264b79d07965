"""A plan is read down to the attributes that would change."""

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


def test_a_plan_without_changes_is_empty() -> None:
    plan = plan_of({"a": 1}, {"a": 1}, actions=("no-op",))

    assert (plan.empty, str(plan)) == (True, "no changes")


def test_a_plan_for_no_resources_at_all_is_empty() -> None:
    assert Plan.from_json("{}").empty


def test_reading_a_data_source_is_no_change() -> None:
    change: dict[str, object] = {"actions": ["read"], "before": None, "after": {}}
    resource = {"address": "data.aws_thing.it", "type": "aws_thing", "mode": "data", "change": change}

    assert Plan.from_json(json.dumps({"resource_changes": [resource]})).empty


def test_a_nested_attribute_is_named_by_its_path() -> None:
    plan = plan_of({"rules": [{"port": 1}, {"port": 2}]}, {"rules": [{"port": 1}, {"port": 3}]})

    assert str(plan) == "update aws_thing.it\n    rules[1].port: 2 -> 3"


def test_lists_of_different_length_are_shown_whole() -> None:
    plan = plan_of({"zones": ["a"]}, {"zones": ["a", "b"]})

    assert str(plan) == 'update aws_thing.it\n    zones: ["a"] -> ["a", "b"]'


def test_a_value_that_only_apply_will_know_is_called_so() -> None:
    plan = plan_of({"arn": "x", "tags": ["t"]}, {"tags": ["t"]}, unknown={"arn": True, "tags": [False]})

    assert str(plan) == 'update aws_thing.it\n    arn: "x" -> "(known after apply)"'


def test_a_replacement_names_both_actions() -> None:
    plan = plan_of({"name": "a"}, {"name": "b"}, actions=("delete", "create"))

    assert str(plan) == 'delete/create aws_thing.it\n    name: "a" -> "b"'


def test_a_secret_that_changes_is_named_and_not_shown() -> None:
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
def test_what_is_marked_on_one_side_is_shown_on_neither(before_marks: object, after_marks: object) -> None:
    plan = plan_of(
        {"users": [{"login": "hunter1"}]},
        {"users": [{"login": "hunter2"}]},
        secret=(before_marks, after_marks),
    )

    assert str(plan) == 'update aws_thing.it\n    users[0].login: "(redacted)" -> "(redacted)"'


def test_a_list_that_grows_shows_nothing_that_is_marked_on_one_side() -> None:
    plan = plan_of(
        {"users": [{"login": "hunter1"}]},
        {"users": [{"login": "hunter2"}, {"login": "guest"}]},
        secret=({"users": [{"login": True}]}, {}),
    )

    assert str(plan) == (
        'update aws_thing.it\n    users: [{"login": "(redacted)"}] -> [{"login": "(redacted)"}, {"login": "guest"}]'
    )


def test_a_secret_that_only_apply_will_know_again_is_not_shown_before_it() -> None:
    plan = plan_of({"login": "hunter1"}, {}, unknown={"login": True}, secret=({}, {"login": True}))

    assert str(plan) == 'update aws_thing.it\n    login: "(redacted)" -> "(known after apply)"'


def test_a_functions_variables_are_not_shown() -> None:
    plan = plan_of(
        {"environment": [{"variables": {"API_KEY": "hunter1"}}]},
        {"environment": [{"variables": {"API_KEY": "hunter2"}}]},
    )

    assert str(plan) == ('update aws_thing.it\n    environment[0].variables.API_KEY: "(redacted)" -> "(redacted)"')


def test_a_resource_that_is_created_is_shown_without_its_secrets() -> None:
    plan = plan_of(
        None, {"name": "a", "users": [{"login": "hunter1"}]}, secret={"users": [{"login": True}]}, actions=("create",)
    )

    assert str(plan) == 'create aws_thing.it\n    null -> {"name": "a", "users": [{"login": "(redacted)"}]}'
