"""The metrics that AWS publishes: in which dimension sets, and with which statistic they are read."""

from dataclasses import dataclass
from functools import cache

from terraform_guardrails.data import load


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedMetric:
    """One metric of a service."""

    statistics: frozenset[str]
    dimension_sets: frozenset[frozenset[str]]


@cache
def published_metrics() -> dict[str, dict[str, PublishedMetric]]:
    """The catalogue, by namespace and name: what aws-cdk-lib knows, and what it lacks and the user guides state."""
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
