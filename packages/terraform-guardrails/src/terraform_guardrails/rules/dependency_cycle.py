"""dependency-cycle: resources that wait for each other, so that Terraform cannot create any of them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import networkx as nx

from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack

NAME = "dependency-cycle"
_SHOWN = 50


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find the cycle of which a resource is the first address."""
    cycle = _cycles(stack).get(without_index(resource.address))
    if cycle is None:
        return
    path, others = cycle
    attributes = [stack.graph.edges[edge]["attribute"] for edge in nx.utils.pairwise([*path, path[0]])]
    steps = [f"{address} ({attribute})" for address, attribute in zip(path, attributes, strict=True)]
    way = " -> ".join([*steps[:_SHOWN], *(["..."] if len(steps) > _SHOWN else []), path[0]])
    yield Finding(
        rule=NAME,
        severity="error",
        address=resource.address,
        problem=f"Terraform cannot order these, because each refers to the next: {way}."
        + (f" In the same knot: {', '.join(others[:_SHOWN])}." if others else ""),
        remedy=_remedy(path, attributes),
    )


@lru_cache(maxsize=1)
def _cycles(stack: Stack) -> Mapping[str, tuple[list[str], list[str]]]:
    """The shortest cycle of each knot and what else is in the knot, by the first managed resource in it."""
    managed = {without_index(resource.address) for resource in stack.resources}
    found: dict[str, tuple[list[str], list[str]]] = {}
    for knot in nx.strongly_connected_components(stack.graph):
        members = sorted(knot & managed)
        if members and (len(knot) > 1 or stack.graph.has_edge(members[0], members[0])):
            path = _shortest_cycle(stack.graph.subgraph(knot), members[0])
            found[members[0]] = path, sorted(knot - set(path))
    return found


def _shortest_cycle(knot: "nx.DiGraph[str]", start: str) -> list[str]:
    """The shortest way from an address back to itself."""
    parents = {target: source for source, target in nx.bfs_edges(knot, start)}
    address = next(each for each in (start, *parents) if knot.has_edge(each, start))
    way = [address]
    while address != start:
        address = parents[address]
        way.append(address)
    return way[::-1]


def _remedy(path: list[str], attributes: list[str]) -> str:
    for address, attribute in zip(path, attributes, strict=True):
        if address.split(".")[-2] == "aws_kms_key" and attribute.startswith("policy"):
            return (
                f"Let the policy of {address} name the account root instead; "
                "give the role its permissions on the key in its own policy."
            )
    return "Break one reference: build the ARN from known names, or move the attribute into a resource of its own."


RULE = Rule(name=NAME, check=check)
