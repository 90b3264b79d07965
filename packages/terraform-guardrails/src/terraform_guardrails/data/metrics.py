"""Reads the catalogue of the metrics that AWS publishes."""

from dataclasses import dataclass
from functools import cache

from terraform_guardrails.data import load


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMetric:
    """One metric of a service: its dimension sets, and the statistics that AWS recommends."""

    statistics: frozenset[str]
    dimension_sets: frozenset[frozenset[str]]


@cache
def published_metrics() -> dict[str, dict[str, PublishedMetric]]:
    """Return the catalogue by namespace and name: the metrics of aws-cdk-lib, and more from the user guides."""
    entries = [
        (key, entry) for name in ("metrics.json", "metrics_gaps.json") for key, entry in load(name)["metrics"].items()
    ]
    found: dict[str, dict[str, PublishedMetric]] = {}
    for key, entry in entries:
        namespace, _, name = key.partition(" ")
        known = found.setdefault(namespace, {}).get(name)
        statistics, sets = frozenset({entry["statistic"]}), frozenset(map(frozenset, entry["dimensions"]))
        found[namespace][name] = PublishedMetric(
            statistics=statistics | (known.statistics if known else frozenset()),
            dimension_sets=sets | (known.dimension_sets if known else frozenset()),
        )
    return found
