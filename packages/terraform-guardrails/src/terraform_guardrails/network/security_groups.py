"""Reads the rules of security groups, in each of the three forms that Terraform has."""

from collections.abc import Iterator
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Literal

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.terraform.body import Body
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Unknown, Value

type Direction = Literal["egress", "ingress"]

GROUP = "aws_security_group"
_HTTPS = 443
_ANY_PROTOCOL = {"-1", "all"}
_TCP = {"tcp", "6"}
_EVERYWHERE = {"0.0.0.0/0", "::/0"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Peers:
    """The peers of one rule."""

    ranges: list[Value]
    groups: list[Value]
    prefix_lists: list[Value]
    itself: bool = False


def peers_of(group: Resource, direction: Direction, stack: Stack, *, on_any_port: bool = False) -> Iterator[Peers]:
    """Yield the peers of each rule of a group for port 443, or for any port.

    Raises:
        UnknownValueError: a rule's protocol, port or number of peers is not known before apply.
    """
    for block in group.blocks(direction):
        if on_any_port or _is_https(block, "protocol"):
            yield _peers_in(block, "security_groups")
    for rule in stack.naming(group, "aws_security_group_rule", "security_group_id"):
        if rule.text("type") == direction and (on_any_port or _is_https(rule, "protocol")):
            yield _peers_in(rule, "source_security_group_id")
    for rule in stack.naming(group, f"aws_vpc_security_group_{direction}_rule", "security_group_id"):
        if on_any_port or _is_https(rule, "ip_protocol"):
            yield Peers(
                ranges=_set_values(rule, "cidr_ipv4", "cidr_ipv6"),
                groups=_set_values(rule, "referenced_security_group_id"),
                prefix_lists=_set_values(rule, "prefix_list_id"),
            )


def _peers_in(body: Body, groups: str) -> Peers:
    return Peers(
        ranges=[*body.items("cidr_blocks"), *body.items("ipv6_cidr_blocks")],
        groups=body.items(groups),
        prefix_lists=body.items("prefix_list_ids"),
        itself=body.flag("self", default=False),
    )


def _set_values(rule: Body, *names: str) -> list[Value]:
    return [rule.value(name) for name in names if rule.has(name)]


def _is_https(rule: Body, protocol_attribute: str) -> bool:
    protocol = str(rule.value(protocol_attribute)).lower()
    if protocol in _ANY_PROTOCOL:
        return True
    start, end = rule.number("from_port"), rule.number("to_port")
    return protocol in _TCP and start is not None and end is not None and start <= _HTTPS <= end


def is_everywhere(value: Value) -> bool:
    """Return whether a CIDR range is the whole internet."""
    return isinstance(value, str) and value in _EVERYWHERE


def allows_https(  # noqa: PLR0913 - the kinds of peers that a rule can name
    groups: list[Resource],
    direction: Direction,
    stack: Stack,
    *,
    ranges: list[Value] | None = None,
    peer_groups: list[Resource] | None = None,
    prefix_list_of: Resource | None = None,
) -> bool:
    """Return whether one of these groups allows HTTPS to, or from, these peers.

    Raises:
        UnknownValueError: no known rule allows it, but a rule with an unknown range may.
    """
    rules = [(group, peers) for group in groups for peers in peers_of(group, direction, stack)]
    known = [stack.followed(each) for _, peers in rules for each in peers.ranges]
    if any(is_everywhere(each) for each in known):
        return True
    if ranges and all(any(_within(wanted, each) for each in known) for wanted in ranges):
        return True
    if any(_names_group(group, peers, peer_groups or [], stack) for group, peers in rules):
        return True
    if prefix_list_of is not None:
        lists = [each for _, peers in rules for each in peers.prefix_lists]
        return any(_is_list_of(each, prefix_list_of, stack) for each in lists)
    unknown = next((each for each in known if not isinstance(each, str)), None)
    if unknown is not None:
        raise UnknownValueError(unknown)
    return False


def _names_group(group: Resource, peers: Peers, wanted: list[Resource], stack: Stack) -> bool:
    named = [stack.target(each, GROUP) for each in peers.groups if not isinstance(each, Unknown)]
    return any(each in wanted for each in named) or (peers.itself and group in wanted)


def _is_list_of(value: Value, endpoint: Resource, stack: Stack) -> bool:
    """Return whether a prefix list is the one of a gateway endpoint."""
    if not isinstance(value, Reference):
        raise UnknownValueError(value)
    block = stack.block(value)
    if block is endpoint:
        return True
    service = str(endpoint.value("service_name"))
    return block is not None and not block.managed and str(block.value("name")) == service


def _within(wanted: Value, offered: Value) -> bool:
    """Return whether one CIDR range is within another. Unknown ranges match if their expressions are equal."""
    if wanted == offered:
        return True
    try:
        inner, outer = ip_network(str(wanted), strict=False), ip_network(str(offered), strict=False)
    except ValueError:
        return False
    starts_within = int(outer.network_address) <= int(inner.network_address)
    ends_within = int(inner.broadcast_address) <= int(outer.broadcast_address)
    return inner.version == outer.version and starts_within and ends_within
