"""Finds the custom metrics that a stack declares, in log metric filters and in the metadata of resources."""

from collections.abc import Mapping
from functools import lru_cache

from terraform_guardrails.terraform.stack import Resource, Stack

METRIC_FILTER = "aws_cloudwatch_log_metric_filter"


def declared_metrics(namespace: str, stack: Stack) -> Mapping[str, set[frozenset[str]]]:
    """Return the declared metrics of a namespace, each with its dimension sets."""
    declared: dict[str, set[frozenset[str]]] = {}
    for metric_filter in stack.of_type(METRIC_FILTER):
        for transformation in metric_filter.blocks("metric_transformation"):
            if transformation.text("namespace") == namespace:
                dimensions = transformation.value("dimensions") or {}
                if isinstance(dimensions, dict):
                    declared.setdefault(transformation.text("name") or "", set()).add(frozenset(dimensions))
    for resource in _emitting(stack):
        for name, sets in resource.emitted_metrics(namespace):
            declared.setdefault(name, set()).update(sets)
    return declared


@lru_cache(maxsize=1)
def _emitting(stack: Stack) -> list[Resource]:
    return [resource for resource in stack.resources if resource.emits_metrics]
