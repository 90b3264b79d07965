"""Resources that depend on each other."""

from collections.abc import Callable
from typing import Any

import pytest

from terraform_guardrails import Finding

type Found = Callable[[str, dict[str, Any]], list[Finding]]

INVALID: dict[str, tuple[dict[str, Any], str]] = {
    "two resources": (
        {"resource": {"aws_a": {"a": {"x": "${aws_b.b.id}"}}, "aws_b": {"b": {"y": "${aws_a.a.id}"}}}},
        "aws_a.a (x) -> aws_b.b (y) -> aws_a.a",
    ),
    "a resource that refers to itself": (
        {"resource": {"aws_a": {"a": {"x": "${aws_a.a.id}"}}}},
        "aws_a.a (x) -> aws_a.a",
    ),
    "a local value": (
        {
            "locals": {"l": "${aws_b.b.id}"},
            "resource": {"aws_a": {"a": {"x": "${local.l}"}}, "aws_b": {"b": {"y": "${aws_a.a.id}"}}},
        },
        "aws_a.a (x) -> local.l (value) -> aws_b.b (y) -> aws_a.a",
    ),
    "depends_on": (
        {"resource": {"aws_a": {"a": {"depends_on": ["aws_b.b"]}}, "aws_b": {"b": {"y": "${aws_a.a.id}"}}}},
        "aws_a.a (depends_on) -> aws_b.b (y) -> aws_a.a",
    ),
    "a data source": (
        {
            "data": {"aws_iam_policy_document": {"d": {"statement": [{"resources": ["${aws_b.b.arn}"]}]}}},
            "resource": {
                "aws_a": {"a": {"policy": "${data.aws_iam_policy_document.d.json}"}},
                "aws_b": {"b": {"y": "${aws_a.a.id}"}},
            },
        },
        "aws_a.a (policy) -> data.aws_iam_policy_document.d (statement.resources) -> aws_b.b (y) -> aws_a.a",
    ),
    "an output of the same file": (
        {
            "output": {"o": {"value": "${aws_b.b.id}"}},
            "resource": {"aws_a": {"a": {"x": "${output.o.value}"}}, "aws_b": {"b": {"y": "${aws_a.a.id}"}}},
        },
        "aws_a.a (x) -> output.o (value.value) -> aws_b.b (y) -> aws_a.a",
    ),
    "a nested block and a function": (
        {
            "resource": {
                "aws_a": {"a": {"block": [{"x": '${join(",", [aws_b.b.id])}'}]}},
                "aws_b": {"b": {"y": "a-${aws_a.a.id}-b"}},
            }
        },
        "aws_a.a (block.x) -> aws_b.b (y) -> aws_a.a",
    ),
    "an instance": (
        {
            "resource": {
                "aws_a": {"a": {"count": 2, "x": "${aws_b.b[0].id}"}},
                "aws_b": {"b": {"for_each": "${aws_a.a}"}},
            }
        },
        "aws_a.a (x) -> aws_b.b (for_each) -> aws_a.a",
    ),
    "replace_triggered_by": (
        {
            "resource": {
                "aws_a": {"a": {"lifecycle": {"replace_triggered_by": ["aws_b.b.id"]}}},
                "aws_b": {"b": {"y": "${aws_a.a.id}"}},
            }
        },
        "aws_a.a (lifecycle.replace_triggered_by) -> aws_b.b (y) -> aws_a.a",
    ),
}

VALID: dict[str, dict[str, Any]] = {
    "a chain": {"resource": {"aws_a": {"a": {"x": "${aws_b.b.id}"}}, "aws_b": {"b": {}}}},
    "a diamond": {
        "resource": {
            "aws_a": {"a": {"x": ["${aws_b.b.id}", "${aws_b.c.id}"]}},
            "aws_b": {"b": {"x": "${aws_c.c.id}"}, "c": {"x": "${aws_c.c.id}"}},
            "aws_c": {"c": {}},
        }
    },
    "literal text that looks like a reference": {
        "resource": {"aws_a": {"a": {"x": "$${aws_b.b.id}"}}, "aws_b": {"b": {"x": "${aws_a.a.id}"}}}
    },
    "a name without a reference": {
        "resource": {"aws_a": {"a": {"x": "aws_b.b.id"}}, "aws_b": {"b": {"x": "${aws_a.a.id}"}}}
    },
    "a resource and a data source of one name": {
        "data": {"aws_a": {"a": {}}},
        "resource": {"aws_a": {"a": {"x": "${data.aws_a.a.id}"}}},
    },
    "a variable of a for expression": {
        "resource": {"aws_a": {"a": {"x": "${[for a in aws_b.b : a.id]}"}}, "aws_b": {"b": {}}}
    },
    "an output without a reader": {
        "output": {"o": {"value": "${aws_a.a.id}"}},
        "resource": {"aws_a": {"a": {}}},
    },
    "metadata": {"resource": {"aws_a": {"a": {"//": {"note": "${aws_a.a.id}"}}}}},
}


@pytest.mark.parametrize(("configuration", "path"), INVALID.values(), ids=INVALID)
def test_a_cycle_is_found_with_its_path(found: Found, configuration: dict[str, Any], path: str) -> None:
    (finding,) = found("dependency-cycle", configuration)

    assert (finding.severity, finding.address, finding.problem) == (
        "error",
        "aws_a.a",
        f"Terraform cannot order these resources, because each depends on the next: {path}.",
    )


@pytest.mark.parametrize("configuration", VALID.values(), ids=VALID)
def test_dependencies_without_a_cycle_are_not_a_finding(found: Found, configuration: dict[str, Any]) -> None:
    assert found("dependency-cycle", configuration) == []


def test_the_finding_lists_other_resources_in_a_cycle(found: Found) -> None:
    resources = {
        "aws_a": {"a": {"x": "${aws_b.b.id}"}},
        "aws_b": {"b": {"x": ["${aws_a.a.id}", "${aws_c.c.id}"]}},
        "aws_c": {"c": {"x": "${aws_b.b.id}"}},
    }

    (finding,) = found("dependency-cycle", {"resource": resources})

    assert finding.problem == (
        "Terraform cannot order these resources, because each depends on the next: "
        "aws_a.a (x) -> aws_b.b (x) -> aws_a.a. Also in a cycle with them: aws_c.c."
    )


def test_the_remedy_for_a_key_policy_names_the_account_root(found: Found) -> None:
    resources = {
        "aws_iam_role": {"r": {"inline_policy": [{"policy": "${aws_kms_key.k.arn}"}]}},
        "aws_kms_key": {"k": {"policy": "${aws_iam_role.r.arn}"}},
    }

    (finding,) = found("dependency-cycle", {"resource": resources})

    assert finding.remedy == (
        "Name the account root instead in the policy of aws_kms_key.k. "
        "Grant the role its permissions on the key in the role's own policy."
    )


def test_two_separate_cycles_are_two_findings(found: Found) -> None:
    resources = {
        "aws_a": {"a": {"x": "${aws_a.b.id}"}, "b": {"x": "${aws_a.a.id}"}},
        "aws_c": {"c": {"x": "${aws_c.d.id}"}, "d": {"x": "${aws_c.c.id}"}},
    }

    findings = found("dependency-cycle", {"resource": resources})

    assert [finding.address for finding in findings] == ["aws_a.a", "aws_c.c"]
