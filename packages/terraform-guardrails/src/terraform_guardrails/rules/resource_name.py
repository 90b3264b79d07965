"""resource-name: a name that AWS refuses, or one without the suffix that keeps deployments apart."""

import re
from collections.abc import Iterator
from functools import lru_cache

from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.names import NameLimits, name_limits
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Template, Value

NAME = "resource-name"


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find a physical name that will not do."""
    limits = name_limits()[resource.type]
    name = stack.followed(resource.physical_name)
    yield from _check_limits(resource, limits, name)
    suffix = _suffix(stack)
    if suffix and limits.shared_within and isinstance(name, str | Template) and not _carries(str(name), suffix):
        yield Finding(
            rule=NAME,
            severity="error",
            address=resource.address,
            problem=f"{limits.attribute} {str(name)!r} lacks the suffix {suffix!r} that other names here carry: "
            f"a second deployment to the same {limits.shared_within} fails on it.",
            remedy=f"End the name in -{suffix}.",
        )


def _check_limits(resource: Resource, limits: NameLimits, name: Value) -> Iterator[Finding]:
    # Of a name that is known in part, the known part alone may be too long.
    known = "".join(part for part in name.parts if isinstance(part, str)) if isinstance(name, Template) else name
    if not isinstance(known, str):
        return
    if limits.longest and len(known) > limits.longest:
        yield _refused(resource, limits, name, f"has {len(known)} characters; {limits.longest} are allowed")
    elif isinstance(name, str) and limits.shortest and len(name) < limits.shortest:
        yield _refused(resource, limits, name, f"has {len(name)} characters; {limits.shortest} are needed")
    elif isinstance(name, str) and limits.pattern and not re.fullmatch(limits.pattern, name):
        yield _refused(resource, limits, name, f"does not match {limits.pattern}")


def _refused(resource: Resource, limits: NameLimits, name: Value, why: str) -> Finding:
    return Finding(
        rule=NAME,
        severity="error",
        address=resource.address,
        problem=f"{limits.attribute} {str(name)!r} {why} ({limits.source}): AWS refuses it.",
        remedy="Choose a name that AWS allows.",
    )


@lru_cache(maxsize=1)
def _suffix(stack: Stack) -> str:
    """The environment suffix, where the default tags state one and most physical names carry it."""
    environment = stack.default_tags.value("Environment")
    suffix = "" if environment is None else str(environment)
    names = [
        str(name)
        for type_, limits in name_limits().items()
        for resource in stack.of_type(type_)
        if limits.shared_within and isinstance(name := stack.followed(resource.physical_name), str | Template)
    ]
    carrying = sum(_carries(name, suffix) for name in names)
    return suffix if suffix and carrying * 2 > len(names) else ""


def _carries(name: str, suffix: str) -> bool:
    """Whether a name has the suffix as a word of its own; an account id may follow it."""
    return f"-{suffix}-" in f"-{re.sub('[/_.]', '-', name)}-" or f"-{suffix}-" in f"-{name}-"


RULE = Rule(name=NAME, check=check, types=frozenset(name_limits()))
