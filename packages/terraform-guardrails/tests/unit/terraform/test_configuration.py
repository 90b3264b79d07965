"""The *.tf.json files of a folder are merged into one configuration."""

import json
from pathlib import Path
from typing import Any

import pytest

from terraform_guardrails import check
from terraform_guardrails.errors import InputError
from terraform_guardrails.terraform.configuration import stack_from
from terraform_guardrails.terraform.stack import Stack

DETECTOR = {"resource": {"aws_guardduty_detector": {"d": {"enable": True}}}}


def stack(**files: dict[str, Any]) -> Stack:
    return stack_from({Path(f"{name}.tf.json"): content for name, content in files.items()}, None)


def test_the_files_of_a_folder_are_one_configuration() -> None:
    merged = stack(
        a={"locals": {"name": "orders"}, "resource": {"aws_a": {"a": {"name": "${local.name}"}}}},
        b={"locals": {"other": 1}, "resource": {"aws_a": {"b": {"name": "${local.name}-2"}}}},
    )

    assert {resource.address: resource.value("name") for resource in merged.resources} == {
        "aws_a.a": "orders",
        "aws_a.b": "orders-2",
    }


@pytest.mark.parametrize("name", ["a_override", "override"])
def test_an_override_file_replaces_attributes(name: str) -> None:
    merged = stack(
        **{name: {"resource": {"aws_a": {"a": {"x": 2}}}}, "z": {"resource": {"aws_a": {"a": {"x": 1, "y": 1}}}}}
    )

    (resource,) = merged.resources
    assert (resource.value("x"), resource.value("y")) == (2, 1)


@pytest.mark.parametrize(
    "body",
    [
        {"resource": {"aws_a": {"a": {"x": 1}}}},
        {"resource": [{"aws_a": {"a": {"x": 1}}}]},
        {"resource": {"aws_a": [{"a": {"x": 1}}]}},
        {"resource": {"aws_a": {"a": [{"x": 1}]}}},
    ],
    ids=["objects", "a list of types", "a list of names", "a list of bodies"],
)
def test_a_list_of_objects_replaces_an_object_anywhere(body: dict[str, Any]) -> None:
    (resource,) = stack(a=body).resources

    assert (resource.address, resource.value("x")) == ("aws_a.a", 1)


def test_each_folder_is_a_separate_configuration(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / "stacks" / name).mkdir(parents=True)
        (tmp_path / "stacks" / name / "cdk.tf.json").write_text(json.dumps(DETECTOR))

    report = check([tmp_path])

    assert report.resources == 2
    assert [finding.address for finding in report.findings] == ["aws_guardduty_detector.d"] * 2
    assert all("This stack has" not in finding.problem for finding in report.findings)


def test_a_suppression_applies_to_one_configuration(tmp_path: Path) -> None:
    accepted = {"//": {"guardrails": {"account-singleton": "ours"}}}
    for name, body in (("one", accepted), ("two", {})):
        (tmp_path / name).mkdir()
        (tmp_path / name / "cdk.tf.json").write_text(json.dumps({"resource": {"aws_guardduty_detector": {"d": body}}}))

    report = check([tmp_path])

    assert (len(report.findings), len(report.suppressed)) == (1, 1)


def test_the_terraform_folder_is_skipped(tmp_path: Path) -> None:
    (tmp_path / "cdk.tf.json").write_text(json.dumps(DETECTOR))
    (tmp_path / ".terraform" / "modules").mkdir(parents=True)
    (tmp_path / ".terraform" / "modules" / "main.tf.json").write_text(json.dumps(DETECTOR))

    assert check([tmp_path]).resources == 1


def test_circular_local_values_are_unknown() -> None:
    circular = stack(
        a={"locals": {"a": "${local.b}", "b": "${local.a}"}, "resource": {"aws_a": {"a": {"x": "${local.a}"}}}}
    )

    (resource,) = circular.resources
    assert str(resource.value("x")) == "${local.a}"


def test_a_block_can_be_an_object_or_a_list() -> None:
    both = stack(a={"resource": {"aws_a": {"a": {"b": {"x": 1}}, "b": {"b": [{"x": 1}]}}}})

    assert [[block.value("x") for block in resource.blocks("b")] for resource in both.resources] == [[1], [1]]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"resource": 5}, "resource is not an object"),
        ({"resource": {"aws_a": 5}}, "resource.aws_a is not an object"),
        ({"resource": {"aws_a": {"a": 5}}}, "aws_a.a is not an object"),
        ({"resource": {"aws_a": {"a": ["x"]}}}, "aws_a.a is not an object"),
        ({"locals": "x"}, "locals is not an object"),
        ({"provider": {"aws": [5]}}, "provider.aws is not an object"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_an_invalid_configuration_is_rejected(content: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError) as error:
        stack(a=content)

    assert str(error.value) == (
        f"a.tf.json: {reason}. "
        "Pass a *.tf.json file, a folder with such files, or the output of 'terraform show -json'."
    )
