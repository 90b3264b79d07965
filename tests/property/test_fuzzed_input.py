"""Any input to the guardrails ends in a report or a message of one line, never in a traceback."""

import copy
import json
import resource
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from terraform_guardrails import GuardrailsError, check
from terraform_guardrails.rules import RULES
from terraform_harness.synthesis import Synthesis

PROJECT = Path(__file__).parents[2]
DATA = PROJECT / "packages" / "terraform-guardrails" / "tests" / "data"
TYPES = sorted({type_ for rule in RULES if rule.types for type_ in rule.types} | {"aws_subnet", "aws_vpc_endpoint"})
ATTRIBUTES = [
    "alarm_actions",
    "alarm_rule",
    "count",
    "deletion_window_in_days",
    "depends_on",
    "dimensions",
    "environment",
    "for_each",
    "lifecycle",
    "metric_query",
    "name",
    "namespace",
    "policy",
    "role",
    "statement",
    "vpc_config",
]
TEXTS = [
    "${aws_kms_key.a.arn}",
    "${local.a}",
    "${",
    "%{if}",
    "${jsonencode({})}",
    '{"Statement": [{"Action": 1}]}',
    "*",
]

text = st.sampled_from(TEXTS) | st.text(max_size=5)
scalar = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | text
value = st.recursive(
    scalar, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(text, inner, max_size=3), max_leaves=8
)
body = st.dictionaries(st.sampled_from(ATTRIBUTES), value, max_size=6)
configuration = st.fixed_dictionaries(
    {},
    optional={
        "resource": st.dictionaries(st.sampled_from(TYPES), st.dictionaries(st.sampled_from("ab"), body), max_size=4)
        | value,
        "data": st.dictionaries(st.just("aws_iam_policy_document"), st.dictionaries(st.just("a"), body)) | value,
        "locals": st.dictionaries(st.sampled_from("ab"), value) | value,
        "output": value,
        "provider": value,
        "format_version": value,
        "resource_changes": value,
        "configuration": value,
    },
)
changes = st.lists(st.tuples(st.integers(0, 1_000_000), value), min_size=1, max_size=3)
every_time = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def ends_well(file: Path) -> bool:
    """Return whether a check of a file ends in a report or an error of one line."""
    try:
        report = check([file])
    except GuardrailsError as error:
        return "\n" not in str(error)
    return bool(json.loads(report.to_json())["resources"] >= 0)


@every_time
@given(document=configuration)
def test_random_configurations_end_well(tmp_path: Path, document: dict[str, Any]) -> None:
    (tmp_path / "a.tf.json").write_text(json.dumps(document))

    assert ends_well(tmp_path / "a.tf.json")


@every_time
@given(content=st.binary(max_size=200))
def test_random_bytes_end_well(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tf.json").write_bytes(content)

    assert ends_well(tmp_path / "a.tf.json")


@pytest.fixture(scope="session")
def own_stack(syntheses: Mapping[str, Synthesis]) -> Path:
    return syntheses["default"].stack_folder() / "cdk.tf.json"


@every_time
@given(changes=changes)
def test_wrong_types_in_a_stack_end_well(tmp_path: Path, own_stack: Path, changes: list[tuple[int, Any]]) -> None:
    stack = json.loads(own_stack.read_text())
    (tmp_path / "a.tf.json").write_text(json.dumps(broken(stack, changes)))

    assert ends_well(tmp_path / "a.tf.json")


@every_time
@given(changes=changes)
def test_wrong_types_in_a_plan_end_well(tmp_path: Path, changes: list[tuple[int, Any]]) -> None:
    plan = json.loads((DATA / "plan-with-modules.json").read_text())
    (tmp_path / "a.json").write_text(json.dumps(broken(plan, changes)))

    assert ends_well(tmp_path / "a.json")


def broken(document: dict[str, Any], changes: list[tuple[int, Any]]) -> dict[str, Any]:
    """Replace some values of a document."""
    for number, other in changes:
        all_positions = list(positions(document))
        container, key = all_positions[number % len(all_positions)]
        container[key] = copy.deepcopy(other)
    return document


def positions(document: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    """Yield the container and the key of every value in a document."""
    items = list(document.items()) if isinstance(document, dict) else list(enumerate(document))
    for key, item in items:
        yield document, key
        if isinstance(item, dict | list):
            yield from positions(item)


def test_a_truncated_file_ends_well(tmp_path: Path) -> None:
    whole = (DATA / "key-policy-cycle" / "cdk.tf.json").read_bytes()
    file = tmp_path / "a.tf.json"

    for end in range(0, len(whole), 97):
        file.write_bytes(whole[:end])
        assert ends_well(file)


LARGE = {
    "one text": lambda size: {"aws_kms_key": {"a": {"policy": "x" * size}}},
    "one text with an unclosed expression": lambda size: {"aws_kms_key": {"a": {"policy": "${" + "x" * size}}},
    "one expression": lambda size: {"aws_kms_key": {"a": {"policy": "${" + "a.b.c," * (size // 6) + "}"}}},
    "one name": lambda size: {"aws_sqs_queue": {"a": {"name": "q" * size}}},
    "many expressions": lambda size: {
        "aws_sns_topic": {f"t{n}": {"name": f"${{aws_sns_topic.t{n + 1}.name}}-{n}"} for n in range(size // 80)}
    },
    "many statements": lambda size: {
        "aws_kms_key": {"a": {"policy": json.dumps({"Statement": [{"Action": "kms:*"}] * (size // 50)})}}
    },
    "many calls": lambda size: {
        "aws_sns_topic": {f"t{n}": {"name": f'${{join("-", [{n}])}}'} for n in range(size // 80)}
    },
    "one long cycle": lambda size: {
        "aws_a": {f"a{n}": {"x": f"${{aws_a.a{(n + 1) % (size // 60)}.x}}"} for n in range(size // 60)}
    },
}


@pytest.mark.slow
@pytest.mark.parametrize("build", LARGE.values(), ids=LARGE)
def test_30_megabytes_take_at_most_a_minute_and_two_gigabytes(tmp_path: Path, build: Any) -> None:  # noqa: ANN401 - a row
    file = tmp_path / "a.tf.json"
    file.write_text(json.dumps({"resource": build(30_000_000)}))
    start = time.monotonic()

    assert ends_well(file)

    assert time.monotonic() - start < 60
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 2 * 1024 * 1024
