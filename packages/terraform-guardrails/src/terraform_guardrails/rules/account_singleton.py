"""account-singleton: resources of which an account, a Region or an organization has only one, or a few."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from terraform_guardrails.data import load
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack

NAME = "account-singleton"
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Singleton:
    """What the catalogue knows of a type."""

    scope: str
    quota: int
    effect: str
    detail: str
    source: str


@cache
def singletons() -> dict[str, Singleton]:
    """Every type of which AWS has only so many for all who share an account."""
    return {type_: Singleton(**known) for type_, known in load("account_singletons.json").items()}


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find a resource that all deployments to an account have to share."""
    known = singletons()[resource.type]
    if _is_own(resource):
        return
    others = _shared(stack, resource.type)
    copies = sum(other.copies or 1 for other in others)
    yield Finding(
        rule=NAME,
        severity="error" if known.effect in {"fails", "overwrites"} or copies > known.quota else "warning",
        address=resource.address,
        problem=_problem(known) + _in_this_stack(known, others, copies),
        remedy=_remedy(known),
    )


@lru_cache(maxsize=1)
def _shared(stack: Stack, type_: str) -> list[Resource]:
    return [resource for resource in stack.of_type(type_) if not _is_own(resource)]


def _problem(known: Singleton) -> str:
    match known.effect:
        case "fails" | "quota":
            return f"AWS allows {known.quota} of it per {known.scope}: {known.detail} ({known.source})."
        case "adopts":
            return f"It is not created: {known.detail}, one per {known.scope} ({known.source})."
        case _:
            return f"It belongs to the whole {known.scope}: {known.detail} ({known.source})."


def _in_this_stack(known: Singleton, others: list[Resource], copies: int) -> str:
    if copies <= known.quota or known.effect == "adopts":
        return ""
    addresses = [other.address for other in others]
    shown = ", ".join(addresses[:_SHOWN]) + (" and more" if len(addresses) > _SHOWN else "")
    return f" This stack alone has {copies}: {shown}."


def _remedy(known: Singleton) -> str:
    match known.effect:
        case "adopts":
            return (
                "Create a resource of your own instead of adopting the default, or keep this to the stack that owns it."
            )
        case "quota":
            return f"Share one among the deployments to an {known.scope}, in a stack that is deployed once."
        case _:
            return f"Remove it from this stack; manage it in one that is deployed once per {known.scope}."


def _is_own(resource: Resource) -> bool:
    """Whether this one, unlike others of its type, is no one else's."""
    match resource.type:
        case "aws_default_security_group":
            return not resource.has("ingress", "egress") or not (resource.items("ingress") or resource.items("egress"))
        case "aws_cloudwatch_event_permission" | "aws_cloudwatch_event_bus_policy":
            return resource.has("event_bus_name") and resource.value("event_bus_name") != "default"
        case "aws_iam_service_linked_role":
            return resource.has("custom_suffix")
        case "aws_accessanalyzer_analyzer":
            if not isinstance(resource.value("type"), str | None):
                raise UnknownValueError("type")
            return str(resource.value("type")).startswith("ORGANIZATION")
        case _:
            return False


RULE = Rule(name=NAME, check=check, types=frozenset(singletons()))
