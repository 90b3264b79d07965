"""resource-name: a name that AWS rejects, or a name without the environment suffix of the stack."""

import re
from collections.abc import Iterator
from functools import lru_cache

from terraform_guardrails.data.name_limits import NameLimits, name_limits
from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Template, Value

ID = "resource-name"


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find a physical name that AWS rejects or that collides with another deployment."""
    limits = name_limits()[resource.type]
    name = stack.followed(resource.physical_name)
    yield from _check_limits(resource, limits, name)
    suffix = _suffix(stack)
    if suffix and limits.shared_within and isinstance(name, str | Template) and not _contains(str(name), suffix):
        yield Finding(
            rule=ID,
            severity="error",
            address=resource.address,
            problem=f"{limits.attribute} {str(name)!r} does not contain the suffix {suffix!r}, but most names here do: "
            f"a second deployment to the same {limits.shared_within} fails.",
            remedy=f"Append -{suffix} to the name.",
        )


def _check_limits(resource: Resource, limits: NameLimits, name: Value) -> Iterator[Finding]:
    # The known part of a name may be too long on its own.
    known = "".join(part for part in name.parts if isinstance(part, str)) if isinstance(name, Template) else name
    if not isinstance(known, str):
        return
    if limits.longest and len(known) > limits.longest:
        yield _rejected(resource, limits, name, f"has {len(known)} characters; the maximum is {limits.longest}")
    elif isinstance(name, str) and limits.shortest and len(name) < limits.shortest:
        yield _rejected(resource, limits, name, f"has {len(name)} characters; the minimum is {limits.shortest}")
    elif isinstance(name, str) and limits.pattern and not re.fullmatch(limits.pattern, name):
        yield _rejected(resource, limits, name, f"does not match {limits.pattern}")


def _rejected(resource: Resource, limits: NameLimits, name: Value, why: str) -> Finding:
    return Finding(
        rule=ID,
        severity="error",
        address=resource.address,
        problem=f"{limits.attribute} {str(name)!r} {why} ({limits.source}), so AWS rejects it.",
        remedy="Choose a name that AWS accepts.",
    )


@lru_cache(maxsize=1)
def _suffix(stack: Stack) -> str:
    """Return the environment suffix, if the default tags have one and most physical names contain it."""
    environment = stack.default_tags.value("Environment")
    suffix = "" if environment is None else str(environment)
    names = [
        str(name)
        for type_, limits in name_limits().items()
        for resource in stack.of_type(type_)
        if limits.shared_within and isinstance(name := stack.followed(resource.physical_name), str | Template)
    ]
    containing = sum(_contains(name, suffix) for name in names)
    return suffix if suffix and containing * 2 > len(names) else ""


def _contains(name: str, suffix: str) -> bool:
    """Return whether a name contains the suffix as a whole word. An account id may follow it."""
    return f"-{suffix}-" in f"-{re.sub('[/_.]', '-', name)}-" or f"-{suffix}-" in f"-{name}-"


RULE = Rule(
    id=ID,
    severity="error",
    summary="a name that AWS rejects, or a name without the environment suffix of the stack",
    source="https://github.com/boto/botocore/tree/develop/botocore/data",
    example="""\
{"resource": {"aws_dynamodb_table": {"ledger": {"name": "ab"}}}}
""",
    why="""\
Terraform does not validate many names that AWS rejects, such as those of tables, streams and functions that are too
long. The limits in `data/resource_names.json` come from the service models of botocore, and from the service guides
where the models have none.

If the default tag `Environment` is part of most physical names in a stack, a name without it makes a second deployment
fail.
""",
    remedy="Choose a name that AWS accepts, and append the suffix. Names that Terraform generates from `name_prefix` "
    "need no suffix.",
    check=check,
    types=frozenset(name_limits()),
)
