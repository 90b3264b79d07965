"""The dashboard."""

from typing import Any

from terraform_harness.template import Resource, Template

type Line = tuple[str, str, dict[str, str], dict[str, str]]
"""Namespace, metric, dimensions, and the options for metric math."""


def test_graph_of_each_alarm_has_its_metric_and_threshold(pipeline: Template) -> None:
    dashboard = pipeline.only("aws_cloudwatch_dashboard", {"dashboard_name": "transaction-pipeline-dev"})
    graphs = {
        widget["properties"]["title"]: widget["properties"] for widget in dashboard.decoded("dashboard_body")["widgets"]
    }

    for each in pipeline.resources("aws_cloudwatch_metric_alarm"):
        graph = graphs[each["alarm_name"].removesuffix("-dev")]
        assert [drawn(line) for line in graph["metrics"]] == lines(each)
        assert graph["annotations"]["horizontal"] == [{"label": "alarm", "value": each["threshold"], "fill": "above"}]
        assert {(graph["period"], graph["stat"])} == periods_and_statistics(each)


def periods_and_statistics(alarm: Resource) -> set[tuple[int, str]]:
    metrics = [query["metric"] for query in alarm.get("metric_query", []) if "metric" in query]
    return {(metric["period"], metric["stat"]) for metric in metrics} or {(alarm["period"], alarm["statistic"])}


def lines(alarm: Resource) -> list[Line]:
    """Return the metrics of an alarm as lines of a graph."""
    if "metric_query" not in alarm.properties:
        return [(alarm["namespace"], alarm["metric_name"], alarm.get("dimensions", {}), {})]
    return [
        (
            query["metric"]["namespace"],
            query["metric"]["metric_name"],
            query["metric"].get("dimensions", {}),
            {"id": query["id"]},
        )
        if "metric" in query
        else ("", "", {}, {name: query[name] for name in ("id", "label", "expression")})
        for query in alarm["metric_query"]
    ]


def drawn(line: list[Any]) -> Line:
    options = line[-1] if isinstance(line[-1], dict) else {}
    names = [part for part in line if isinstance(part, str)] or ["", ""]
    return names[0], names[1], dict(zip(names[2::2], names[3::2], strict=True)), options


def test_dashboard_shows_alarm_states_and_transactions_by_outcome(pipeline: Template) -> None:
    states, outcomes, *_ = pipeline.only("aws_cloudwatch_dashboard").decoded("dashboard_body")["widgets"]

    assert sorted(states["properties"]["alarms"]) == sorted(
        f"${{{each.address}.arn}}" for each in pipeline.resources("aws_cloudwatch_metric_alarm")
    )
    assert outcomes["properties"]["metrics"] == [
        ["TransactionPipeline", metric, "FunctionName", "transaction-processor-dev"]
        for metric in (
            "TransactionsStored",
            "TransactionsDuplicate",
            "TransactionsRejected",
            "TransactionsConflicting",
        )
    ]


def test_widgets_do_not_overlap(pipeline: Template) -> None:
    widgets = pipeline.only("aws_cloudwatch_dashboard").decoded("dashboard_body")["widgets"]

    cells = [
        (x, y)
        for widget in widgets
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]

    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24
