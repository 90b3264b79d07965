"""dependency-cycle: resources that depend on each other, so Terraform cannot create any of them."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

import networkx as nx

from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack

ID = "dependency-cycle"
_SHOWN = 50


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find the cycle that starts at a resource."""
    cycle = _cycles(stack).get(without_index(resource.address))
    if cycle is None:
        return
    path, others = cycle
    attributes = [stack.graph.edges[edge]["attribute"] for edge in nx.utils.pairwise([*path, path[0]])]
    steps = [f"{address} ({attribute})" for address, attribute in zip(path, attributes, strict=True)]
    shown = " -> ".join([*steps[:_SHOWN], *(["..."] if len(steps) > _SHOWN else []), path[0]])
    yield Finding(
        rule=ID,
        severity="error",
        address=resource.address,
        problem=f"Terraform cannot order these resources, because each depends on the next: {shown}."
        + (f" Also in a cycle with them: {', '.join(others[:_SHOWN])}." if others else ""),
        remedy=_remedy(path, attributes),
    )


@lru_cache(maxsize=1)
def _cycles(stack: Stack) -> Mapping[str, tuple[list[str], list[str]]]:
    """Return a shortest cycle of each strongly connected component, and the rest of the component.

    The key is the first managed resource of the component.
    """
    managed = {without_index(resource.address) for resource in stack.resources}
    found: dict[str, tuple[list[str], list[str]]] = {}
    for component in nx.strongly_connected_components(stack.graph):
        members = sorted(component & managed)
        if members and (len(component) > 1 or stack.graph.has_edge(members[0], members[0])):
            path = _shortest_cycle(stack.graph.subgraph(component), members[0])
            found[members[0]] = path, sorted(component - set(path))
    return found


def _shortest_cycle(component: "nx.DiGraph[str]", start: str) -> list[str]:
    """Return the shortest path from an address back to itself."""
    parents = {target: source for source, target in nx.bfs_edges(component, start)}
    address = next(each for each in (start, *parents) if component.has_edge(each, start))
    path = [address]
    while address != start:
        address = parents[address]
        path.append(address)
    return path[::-1]


def _remedy(path: list[str], attributes: list[str]) -> str:
    for address, attribute in zip(path, attributes, strict=True):
        if address.split(".")[-2] == "aws_kms_key" and attribute.startswith("policy"):
            return (
                f"Name the account root instead in the policy of {address}. "
                "Grant the role its permissions on the key in the role's own policy."
            )
    return "Remove one of these references: build the ARN from known names, or use a separate resource."


RULE = Rule(
    id=ID,
    severity="error",
    summary="resources that depend on each other in a cycle",
    source="https://developer.hashicorp.com/terraform/internals/graph",
    example="""\
{"resource": {
  "aws_kms_key": {"key": {"policy": "${data.aws_iam_policy_document.key.json}"}},
  "aws_iam_role": {"role": {"inline_policy": {"policy": "${data.aws_iam_policy_document.permissions.json}"}}},
  "aws_dynamodb_table": {"table": {"server_side_encryption": {"kms_key_arn": "${aws_kms_key.key.arn}"}}}},
 "data": {"aws_iam_policy_document": {
  "key": {"statement": {
    "actions": ["kms:Decrypt"], "resources": ["*"],
    "principals": {"type": "AWS", "identifiers": ["${aws_iam_role.role.arn}"]}}},
  "permissions": {"statement": {"actions": ["dynamodb:PutItem"], "resources": ["${aws_dynamodb_table.table.arn}"]}}}}}
""",
    why="""\
Terraform rejects a cycle and lists only its members. This rule shows the path, with the attribute of each step. It
follows local values, data sources, outputs and `depends_on`.
""",
    remedy="Remove one step. Write the name or ARN as text, or move the attribute to a separate resource such as "
    "`aws_iam_role_policy` or `aws_vpc_security_group_egress_rule`. In a key policy, name the account root.",
    check=check,
)
