"""Finds the endpoints, routes and CIDR ranges that a function in a VPC can use."""

from collections.abc import Iterator
from dataclasses import dataclass

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.network.security_groups import GROUP, is_everywhere
from terraform_guardrails.terraform.body import Body
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Template, Value

ENDPOINT = "aws_vpc_endpoint"
# The targets of a route to the internet. An internet gateway is not one, because a function has no public address.
_INTERNET_TARGETS = (
    "nat_gateway_id",
    "transit_gateway_id",
    "network_interface_id",
    "instance_id",
    "vpc_peering_connection_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """The VPC, subnets and security groups of a function."""

    vpc: Resource
    subnets: list[Resource]
    groups: list[Resource]


def placement_of(function: Resource, stack: Stack) -> Placement | None:
    """Return the placement of a function, or None if the function is not in a VPC.

    Raises:
        UnknownValueError: a subnet, group or VPC is not in this stack, or a network ACL applies.
    """
    config = function.block("vpc_config")
    if config is None or not config.items("subnet_ids"):
        return None
    subnets = [_found(each, "aws_subnet", stack) for each in config.items("subnet_ids")]
    vpc = _found(subnets[0].value("vpc_id"), "aws_vpc", stack)
    groups = [_found(each, GROUP, stack) for each in config.items("security_group_ids")]
    for acl in stack.naming(vpc, "aws_network_acl", "vpc_id"):
        raise UnknownValueError(f"the effect of {acl.address}")
    return Placement(vpc=vpc, subnets=subnets, groups=groups)


def _found(value: Value, type_: str, stack: Stack) -> Resource:
    resource = stack.target(value, type_)
    if resource is None:
        raise UnknownValueError(value)
    return resource


def endpoints_for(service: str, vpc: Resource, stack: Stack) -> list[Resource]:
    """Return the endpoints of a service in a VPC.

    Raises:
        UnknownValueError: the service of an endpoint is not known before apply.
    """
    found = []
    for endpoint in stack.naming(vpc, ENDPOINT, "vpc_id"):
        name = endpoint.value("service_name")
        if not isinstance(name, str) and not (isinstance(name, Template) and isinstance(name.parts[-1], str)):
            raise UnknownValueError(name)
        if str(name).endswith(f".{service}"):
            found.append(endpoint)
    return found


def groups_of(endpoint: Resource, stack: Stack) -> list[Resource]:
    """Return the security groups of an interface endpoint.

    Raises:
        UnknownValueError: a group is not in this stack, or is the default group of the VPC.
    """
    values = endpoint.items("security_group_ids")
    associations = stack.naming(endpoint, "aws_vpc_endpoint_security_group_association", "vpc_endpoint_id")
    values = [*values, *(association.value("security_group_id") for association in associations)]
    if not values:
        raise UnknownValueError(f"the security group of {endpoint.address}")
    return [_found(each, GROUP, stack) for each in values]


def ranges_of(endpoint: Resource, placement: Placement, stack: Stack) -> list[Value]:
    """Return the CIDR ranges with the addresses of an interface endpoint."""
    subnets = [stack.target(each, "aws_subnet") for each in endpoint.items("subnet_ids")]
    found = [subnet.value("cidr_block") for subnet in subnets if subnet is not None]
    return found or [stack.followed(placement.vpc.value("cidr_block"))]


def tables_of(placement: Placement, stack: Stack) -> list[Resource]:
    """Return the route table of each subnet.

    Raises:
        UnknownValueError: a subnet has the main route table of the VPC, or one of another stack.
    """
    tables = []
    for subnet in placement.subnets:
        own = stack.naming(subnet, "aws_route_table_association", "subnet_id")
        if not own:
            raise UnknownValueError(f"the route table of {subnet.address}")
        tables.append(_found(own[0].value("route_table_id"), "aws_route_table", stack))
    return tables


def has_internet_route(placement: Placement, stack: Stack) -> bool:
    """Return whether every subnet has a route to the internet for a function."""
    return all(
        any(_leads_to_internet(route) for route in _routes(table, stack)) for table in tables_of(placement, stack)
    )


def _routes(table: Resource, stack: Stack) -> Iterator[Body]:
    yield from table.blocks("route")
    yield from stack.naming(table, "aws_route", "route_table_id")


def _leads_to_internet(route: Body) -> bool:
    everywhere = is_everywhere(route.value("cidr_block") or route.value("destination_cidr_block"))
    return everywhere and any(route.has(target) for target in _INTERNET_TARGETS)


def routes_to(endpoint: Resource, placement: Placement, stack: Stack) -> bool:
    """Return whether the route tables of all subnets have a route to a gateway endpoint."""
    values = endpoint.items("route_table_ids")
    associations = stack.naming(endpoint, "aws_vpc_endpoint_route_table_association", "vpc_endpoint_id")
    values = [*values, *(association.value("route_table_id") for association in associations)]
    known = [stack.target(each, "aws_route_table") for each in values]
    return all(table in known for table in tables_of(placement, stack))
