"""Changes of the configuration that the network tests start from."""

from collections.abc import Callable
from typing import Any

type Change = Callable[[dict[str, Any]], object]


def changed(type_: str, name: str, **change: object) -> Change:
    return lambda resources: resources[type_][name].update(change)


def gateway(**change: object) -> Change:
    return changed("aws_vpc_endpoint", "g", **change)


def interface(**change: object) -> Change:
    return changed("aws_vpc_endpoint", "i", **change)


def egress(name: str, **change: object) -> Change:
    return changed("aws_vpc_security_group_egress_rule", name, **change)


def ingress(**change: object) -> Change:
    return changed("aws_vpc_security_group_ingress_rule", "function", **change)


def group(name: str, **change: object) -> Change:
    return changed("aws_security_group", name, **change)


def without(type_: str, name: str) -> Change:
    return lambda resources: resources[type_].pop(name)


def beside(**resources: dict[str, Any]) -> Change:
    return lambda others: others.update(resources)


def both(*changes: Change) -> Change:
    return lambda resources: [change(resources) for change in changes]


NO_RULES = both(
    without("aws_vpc_security_group_egress_rule", "table"), without("aws_vpc_security_group_egress_rule", "vpc")
)
