"""The rule of a composite alarm is parsed into its children."""

import pytest

from terraform_guardrails.alarms.composite_rule import AlarmRuleError, children
from terraform_guardrails.terraform.values import Reference, Template, Unknown

ERRORS = Reference("aws_cloudwatch_metric_alarm.errors", ("arn",))


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("TRUE", []),
        ("ALARM(errors)", ["errors"]),
        ('ALARM("too many errors") AND NOT OK(b)', ["b", "too many errors"]),
        ("ALARM(a)\nOR (INSUFFICIENT_DATA(b) AND OK(a))", ["a", "b"]),
        ("AT_LEAST(50%, NOT ALARM, (a, b))", ["a", "b"]),
        (Template(("ALARM(", ERRORS, ") OR OK(b)")), [ERRORS, "b"]),
        (Template(('ALARM("', ERRORS, '")')), [ERRORS]),
        (Template(("ALARM(a-", Unknown("var.suffix"), ") OR OK(b)")), ["b"]),
    ],
    ids=["constant", "name", "quoted name", "line break", "count", "reference", "quoted reference", "unknown part"],
)
def test_a_rule_has_children(rule: str | Template, found: list[str | Reference]) -> None:
    assert children(rule) == found


@pytest.mark.parametrize(
    ("rule", "rest"),
    [
        ("ALARM(a) b", "b"),
        ("ALERT(a)", "ALERT(a)"),
        (Template(("ALARM(a) ", ERRORS)), "${aws_cloudwatch_metric_alarm.errors.arn}"),
    ],
    ids=["no operator", "unknown state", "reference"],
)
def test_the_error_has_the_rest_of_an_invalid_rule(rule: str | Template, rest: str) -> None:
    with pytest.raises(AlarmRuleError) as error:
        children(rule)

    assert str(error.value) == rest
