"""Reads the alarms of a template."""

from collections.abc import Iterator, Mapping

from terraform_harness.template import Resource, Template, matching


def subject_of(alarm: Resource) -> str:
    return str(alarm["alarm_name"]).rpartition("-")[0]


def has_index(template: Template) -> bool:
    return "global_secondary_index" in template.only("aws_dynamodb_table").properties


def alarm(template: Template, subject: str) -> Resource:
    return template.only("aws_cloudwatch_metric_alarm", {"alarm_name": matching(f"{subject}-(dev|prod)")})


def period_of(alarm: Resource) -> int:
    """Return the period of the metrics of an alarm, which must be the same for all of them."""
    (period,) = {query["metric"]["period"] for query in alarm.get("metric_query", []) if "metric" in query} or {
        alarm["period"]
    }
    return int(period)


def metrics_of(alarm: Resource) -> Iterator[tuple[str, str, Mapping[str, str]]]:
    """Yield namespace, name and dimensions of each metric that an alarm watches."""
    sources = [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query] or [alarm.properties]
    for source in sources:
        yield source["namespace"], source["metric_name"], source.get("dimensions", {})
