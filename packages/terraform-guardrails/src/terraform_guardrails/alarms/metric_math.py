"""Reads the metric math of an alarm: expressions over the ids of other queries."""

import re
from collections.abc import Iterator

from terraform_guardrails.terraform.body import Body

_NAME = re.compile(r'"[^"]*"|\'[^\']*\'|([A-Za-z_][A-Za-z0-9_]*)')


def unknown_names(queries: list[Body]) -> Iterator[tuple[str, str]]:
    """Yield each expression with a name in it that is not the id of a query."""
    ids = {query.text("id") for query in queries}
    for query in queries:
        expression = query.text("expression") or ""
        if expression.lstrip().upper().startswith("SELECT"):
            continue
        for name in _NAME.findall(expression):
            # Functions and constants start with a capital letter, ids must not.
            if name[:1].islower() and name not in ids:
                yield expression, name


def returns_data(queries: list[Body]) -> bool:
    """Return whether one of the queries returns data for the comparison with the threshold."""
    return any(query.flag("return_data", default=False) for query in queries)
