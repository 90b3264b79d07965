"""alarm-metric: an alarm on a metric that AWS or the stack does not publish."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

import networkx as nx

from terraform_guardrails.alarms.composite_rule import AlarmRuleError, children
from terraform_guardrails.alarms.custom_metrics import METRIC_FILTER, declared_metrics
from terraform_guardrails.alarms.metric_math import returns_data, unknown_names
from terraform_guardrails.data.metrics import published_metrics
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.body import Body
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template

ID = "alarm-metric"
METRIC_ALARM, COMPOSITE_ALARM = "aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"
_SUMMED = {"Sum", "SampleCount"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metric:
    """The metric of an alarm."""

    namespace: str
    name: str
    dimensions: frozenset[str]
    statistic: str | None

    def __str__(self) -> str:
        return f"{self.namespace} {self.name}"


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find the reasons why an alarm never receives data."""
    if resource.type == COMPOSITE_ALARM:
        yield from _check_composite(resource, stack)
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
        yield from _check_custom(alarm, metric, stack)


def _is_filter(block: Resource | None) -> bool:
    return block is not None and block.type == METRIC_FILTER


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
        hint = f" Did you mean {similar[0]}?" if similar else ""
        yield _finding(
            alarm,
            "warning",
            f"{metric} is not in the catalogue of AWS metrics.{hint}",
            f"Check the name in the guide of the service. If {metric.name} is right, suppress this finding.",
        )
        return
    if metric.dimensions not in published.dimension_sets:
        sets = " or ".join(sorted(map(_named, published.dimension_sets)))
        yield _finding(
            alarm,
            "error",
            f"AWS publishes {metric} with {sets}, not with {_named(metric.dimensions)}: "
            "the alarm never receives a datapoint.",
            f"Use {sets}.",
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


def _check_custom(alarm: Resource, metric: _Metric, stack: Stack) -> Iterator[Finding]:
    """Check a custom metric, if the stack declares metrics in its namespace."""
    declared = declared_metrics(metric.namespace, stack)
    if not declared:
        return
    if metric.name not in declared:
        yield _finding(
            alarm,
            "error",
            f"No resource in this stack emits {metric}. The declared metrics are: {', '.join(sorted(declared))}.",
            "Use one of these metrics, or declare this one on the resource that emits it.",
        )
    elif declared[metric.name] and metric.dimensions not in declared[metric.name]:
        sets = " or ".join(sorted(map(_named, declared[metric.name])))
        yield _finding(
            alarm,
            "error",
            f"{metric} is emitted with {sets}, not with {_named(metric.dimensions)}: "
            "the alarm never receives a datapoint.",
            f"Use {sets}.",
        )


def _check_math(alarm: Resource, queries: list[Body]) -> Iterator[Finding]:
    for expression, name in unknown_names(queries):
        yield _finding(
            alarm,
            "error",
            f"The expression {expression!r} uses {name}, but the alarm has no metric_query with this id.",
            f"Add a metric_query with the id {name}.",
        )
    if queries and not returns_data(queries):
        yield _finding(
            alarm,
            "error",
            "No metric_query sets return_data, so AWS rejects the alarm.",
            "Set return_data = true on the query that is compared with the threshold.",
        )


def _check_composite(alarm: Resource, stack: Stack) -> Iterator[Finding]:
    rule = alarm.value("alarm_rule")
    if not isinstance(rule, str | Template):
        raise UnknownValueError("alarm_rule")
    try:
        names = children(rule)
    except AlarmRuleError as error:
        yield _finding(
            alarm,
            "error",
            f"The alarm_rule cannot be parsed at '{error}', so AWS rejects it.",
            "Combine terms such as ALARM(name) with AND, OR and NOT.",
        )
        return
    for name in names:
        if isinstance(name, Reference):
            yield from _check_child_reference(alarm, name, stack)
        else:
            yield from _check_child_name(alarm, name, stack)


def _check_child_reference(alarm: Resource, reference: Reference, stack: Stack) -> Iterator[Finding]:
    child = stack.block(reference)
    if child is not None and child.type not in {METRIC_ALARM, COMPOSITE_ALARM}:
        yield _finding(
            alarm, "error", f"The alarm_rule names {reference}, which is not an alarm.", "Refer to an alarm instead."
        )


def _check_child_name(alarm: Resource, name: str, stack: Stack) -> Iterator[Finding]:
    child = stack.target(name, METRIC_ALARM, COMPOSITE_ALARM)
    if child is None:
        known = [str(each.physical_name) for each in stack.of_type(METRIC_ALARM, COMPOSITE_ALARM)]
        similar = get_close_matches(name, known, n=1)
        yield _finding(
            alarm,
            "warning",
            f"The alarm_rule names {name!r}, but this stack has no alarm with that name."
            + (f" Did you mean {similar[0]!r}?" if similar else ""),
            "Refer to the alarm by reference. If another stack creates it, suppress this finding.",
        )
    elif not nx.has_path(stack.graph, without_index(alarm.address), without_index(child.address)):
        yield _finding(
            alarm,
            "error",
            f"The alarm_rule names {name!r} as text, so Terraform may create {child.address} after this alarm. "
            "AWS rejects a rule about an alarm that does not exist.",
            f"Use ${{{child.address}.alarm_name}} instead.",
        )


def _finding(alarm: Resource, severity: Severity, problem: str, remedy: str) -> Finding:
    return Finding(rule=ID, severity=severity, address=alarm.address, problem=problem, remedy=remedy)


RULE = Rule(
    id=ID,
    severity="error",
    summary="an alarm on a metric or dimensions that AWS does not publish",
    source="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html",
    example="""\
{"resource": {"aws_cloudwatch_metric_alarm": {"errors": {
  "namespace": "AWS/DynamoDB", "metric_name": "UserErrors", "statistic": "Sum",
  "dimensions": {"TableName": "transactions"}}}}}
""",
    why="""\
CloudWatch accepts an alarm on any metric name. If AWS does not publish the metric with exactly these dimensions, the
alarm never receives a datapoint and never goes to ALARM, without an error message.

The rule compares metrics with a catalogue: `data/metrics.json`, generated from the canned metrics of aws-cdk-lib, and
`data/metrics_gaps.json`, taken from the user guides. Wrong dimensions are an error. A metric that is missing from the
catalogue is a warning, because the catalogue is not complete: the metrics of newer services may be missing. The
statistic Sum of a level, such as an iterator age, is a warning.

The rule also checks each query of a metric math expression and each child in the rule of a composite alarm.

Metrics of a custom namespace are checked only if the stack declares some: in a log metric filter, or in the metadata of
the resource that emits them, in CDKTF `function.add_override("//.emits.Orders", {"Stored": [["FunctionName"]]})`.
""",
    remedy="Use the dimensions in the finding. If the catalogue is wrong, suppress the finding and cite the AWS page.",
    check=check,
    types=frozenset({METRIC_ALARM, COMPOSITE_ALARM}),
)
