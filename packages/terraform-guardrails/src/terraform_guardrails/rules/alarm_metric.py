"""alarm-metric: an alarm on a metric that nobody publishes, or not with those dimensions, never rings."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

import networkx as nx

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.metrics.alarm_rule import AlarmRuleError, alarms_in
from terraform_guardrails.metrics.metrics import published_metrics
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.body import Body
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown

NAME = "alarm-metric"
METRIC_ALARM, COMPOSITE_ALARM = "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"
_FILTER = "aws_cloudwatch_log_metric_filter"
_MATH_NAME = re.compile(r'"[^"]*"|\'[^\']*\'|([A-Za-z_][A-Za-z0-9_]*)')
_SUMMED = {"Sum", "SampleCount"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metric:
    """What an alarm looks at."""

    namespace: str
    name: str
    dimensions: frozenset[str]
    statistic: str | None

    def __str__(self) -> str:
        return f"{self.namespace} {self.name}"


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find what an alarm looks at and will never see."""
    if resource.type == COMPOSITE_ALARM:
        yield from _check_rule(resource, stack)
        return
    if resource.has("metric_name"):
        yield from _check_metric(resource, resource, "statistic", stack)
    queries = resource.blocks("metric_query")
    for query in queries:
        for metric in query.blocks("metric"):
            yield from _check_metric(resource, metric, "stat", stack)
    yield from _check_math(resource, queries)


def _check_metric(alarm: Resource, body: Body, statistic: str, stack: Stack) -> Iterator[Finding]:
    name = body.value("metric_name")
    if isinstance(name, Reference) and len(name.attributes) == 1 and _is_filter(stack.block(name)):
        yield _finding(
            alarm,
            "error",
            f"{name} is the name of the log metric filter, not of the metric that it publishes.",
            "Use the name in its metric_transformation.",
        )
        return
    metric = _read(body, statistic, stack)
    if metric.namespace.startswith("AWS/") or metric.namespace in published_metrics():
        yield from _check_published(alarm, metric)
    else:
        yield from _check_own(alarm, metric, stack)


def _is_filter(block: Resource | None) -> bool:
    return block is not None and block.type == _FILTER


def _read(body: Body, statistic: str, stack: Stack) -> _Metric:
    namespace, name = (stack.followed(body.value(attribute)) for attribute in ("namespace", "metric_name"))
    dimensions = body.value("dimensions") or {}
    if not isinstance(namespace, str) or not isinstance(name, str):
        raise UnknownValueError("namespace" if not isinstance(namespace, str) else "metric_name")
    if not isinstance(dimensions, dict):
        raise UnknownValueError("dimensions")
    return _Metric(namespace=namespace, name=name, dimensions=frozenset(dimensions), statistic=body.text(statistic))


def _check_published(alarm: Resource, metric: _Metric) -> Iterator[Finding]:
    known = published_metrics().get(metric.namespace, {})
    published = known.get(metric.name)
    if published is None:
        similar = get_close_matches(metric.name, known, n=1)
        hint = f" Is {similar[0]} meant?" if similar else ""
        yield _finding(
            alarm,
            "warning",
            f"The catalogue of AWS's metrics has no {metric}.{hint}",
            f"Look the name up in the service's guide; suppress this with the source if {metric.name} is right.",
        )
        return
    if metric.dimensions not in published.dimension_sets:
        sets = " or ".join(sorted(map(_named, published.dimension_sets)))
        yield _finding(
            alarm,
            "error",
            f"AWS publishes {metric} with {sets}, not with {_named(metric.dimensions)}: "
            "the alarm never gets a datapoint.",
            f"Give it {sets}.",
        )
    if published.statistics == {"Maximum"} and metric.statistic in _SUMMED:
        yield _finding(
            alarm,
            "warning",
            f"{metric} is a level, not a count: its {metric.statistic} grows with the number of datapoints.",
            "Use the statistic Maximum.",
        )


def _named(dimensions: frozenset[str]) -> str:
    return " + ".join(sorted(dimensions)) or "no dimensions"


def _check_own(alarm: Resource, metric: _Metric, stack: Stack) -> Iterator[Finding]:
    """Custom metrics: known only where log metric filters, or the metadata of a function, state what is emitted."""
    emitted = _stated(metric.namespace, stack)
    if not emitted:
        return
    if metric.name not in emitted:
        names = ", ".join(sorted(emitted))
        yield _finding(
            alarm,
            "error",
            f"Nothing in this stack emits {metric}; stated for the namespace are {names}.",
            "Name a metric that is emitted, or state it where it is emitted.",
        )
    elif emitted[metric.name] and metric.dimensions not in emitted[metric.name]:
        sets = " or ".join(sorted(map(_named, emitted[metric.name])))
        yield _finding(
            alarm,
            "error",
            f"{metric} is emitted with {sets}, not with {_named(metric.dimensions)}: the alarm never gets a datapoint.",
            f"Give it {sets}.",
        )


def _stated(namespace: str, stack: Stack) -> Mapping[str, set[frozenset[str]]]:
    """The metrics of a namespace and the dimension sets of each, as filters and metadata state them."""
    stated: dict[str, set[frozenset[str]]] = {}
    for log_filter in stack.of_type(_FILTER):
        for transformation in log_filter.blocks("metric_transformation"):
            if transformation.text("namespace") == namespace:
                dimensions = transformation.value("dimensions") or {}
                if isinstance(dimensions, dict):
                    stated.setdefault(transformation.text("name") or "", set()).add(frozenset(dimensions))
    for resource in stack.resources:
        for name, sets in resource.emitted_metrics(namespace):
            stated.setdefault(name, set()).update(sets)
    return stated


def _check_math(alarm: Resource, queries: list[Body]) -> Iterator[Finding]:
    """Metric math: every name in an expression is a query, and one of them is what the alarm looks at."""
    if not queries:
        return
    names = {query.text("id") for query in queries}
    for query in queries:
        expression = query.text("expression") or ""
        if expression.lstrip().upper().startswith("SELECT"):
            continue
        for name in _MATH_NAME.findall(expression):
            # Functions and constants begin with a capital letter, queries may not.
            if name[:1].islower() and name not in names:
                yield _finding(
                    alarm,
                    "error",
                    f"The expression {expression!r} uses {name}, which is no metric_query of the alarm.",
                    f"Add a metric_query with the id {name}.",
                )
    if not any(query.flag("return_data", default=False) for query in queries):
        yield _finding(
            alarm,
            "error",
            "No metric_query has return_data: AWS rejects an alarm that looks at nothing.",
            "Set return_data = true on the query that is compared with the threshold.",
        )


def _check_rule(alarm: Resource, stack: Stack) -> Iterator[Finding]:
    """Composite alarms: the rule can be parsed, and every name in it is an alarm that exists by then."""
    rule = alarm.value("alarm_rule")
    if isinstance(rule, Reference | Unknown) or rule is None:  # of a plan's expression only the reference is known
        raise UnknownValueError("alarm_rule")
    parts = rule.parts if isinstance(rule, Template) else (rule,)
    # A reference may hold quotes, so a mark stands for it while the rule is parsed.
    marks = {f"<{number}>": part for number, part in enumerate(parts) if not isinstance(part, str)}
    text = "".join(part if isinstance(part, str) else f"<{number}>" for number, part in enumerate(parts))
    try:
        names = sorted(set(alarms_in(text)))
    except AlarmRuleError as error:
        yield _finding(alarm, "error", f"AWS rejects the alarm_rule: {error}.", "Write it as STATE(name) AND, OR, NOT.")
        return
    for name in names:
        if name not in marks and not any(mark in name for mark in marks):
            yield from _check_child_name(alarm, name, stack)
        elif isinstance(reference := marks.get(name), Reference):
            yield from _check_child_reference(alarm, reference, stack)


def _check_child_reference(alarm: Resource, reference: Reference, stack: Stack) -> Iterator[Finding]:
    child = stack.block(reference)
    if child is not None and child.type not in {METRIC_ALARM, COMPOSITE_ALARM}:
        yield _finding(alarm, "error", f"The alarm_rule names {reference}, which is no alarm.", "Name an alarm.")


def _check_child_name(alarm: Resource, name: str, stack: Stack) -> Iterator[Finding]:
    child = stack.target(name, METRIC_ALARM, COMPOSITE_ALARM)
    if child is None:
        known = [str(each.physical_name) for each in stack.of_type(METRIC_ALARM, COMPOSITE_ALARM)]
        similar = get_close_matches(name, known, n=1)
        yield _finding(
            alarm,
            "warning",
            f"The alarm_rule names {name!r}, which is no alarm of this stack."
            + (f" Is {similar[0]!r} meant?" if similar else ""),
            "Name the alarm by reference; suppress this if another stack creates it.",
        )
    elif not nx.has_path(stack.graph, without_index(alarm.address), without_index(child.address)):
        yield _finding(
            alarm,
            "error",
            f"The alarm_rule names {name!r}, but no reference makes Terraform create {child.address} first, "
            "and AWS rejects a rule about an alarm that does not exist yet.",
            f"Write ${{{child.address}.alarm_name}} in its place.",
        )


def _finding(alarm: Resource, severity: Severity, problem: str, remedy: str) -> Finding:
    return Finding(rule=NAME, severity=severity, address=alarm.address, problem=problem, remedy=remedy)


RULE = Rule(name=NAME, check=check, types=frozenset({METRIC_ALARM, COMPOSITE_ALARM}))
