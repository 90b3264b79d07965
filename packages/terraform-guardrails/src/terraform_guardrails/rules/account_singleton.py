"""account-singleton: a resource with a quota of one, or a few, per account, Region or organization."""

from collections.abc import Iterator
from functools import lru_cache

from terraform_guardrails.data.singletons import Singleton, singletons
from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.terraform.stack import Resource, Stack

ID = "account-singleton"
_SHOWN = 3


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find a resource that all deployments to an account share."""
    known = singletons()[resource.type]
    if _is_exempt(resource):
        return
    others = _shared(stack, resource.type)
    copies = sum(other.copies or 1 for other in others)
    yield Finding(
        rule=ID,
        severity="error" if known.effect in {"fails", "overwrites"} or copies > known.quota else "warning",
        address=resource.address,
        problem=_problem(known) + _in_this_stack(known, others, copies),
        remedy=_remedy(known),
    )


@lru_cache(maxsize=1)
def _shared(stack: Stack, type_: str) -> list[Resource]:
    return [resource for resource in stack.of_type(type_) if not _is_exempt(resource)]


def _problem(known: Singleton) -> str:
    match known.effect:
        case "fails" | "quota":
            return f"AWS allows {known.quota} per {known.scope}: {known.detail} ({known.source})."
        case "adopts":
            return f"Each {known.scope} has one, and Terraform does not create it: {known.detail} ({known.source})."
        case _:
            return f"It applies to the whole {known.scope}: {known.detail} ({known.source})."


def _in_this_stack(known: Singleton, others: list[Resource], copies: int) -> str:
    if copies <= known.quota or known.effect == "adopts":
        return ""
    addresses = [other.address for other in others]
    shown = ", ".join(addresses[:_SHOWN]) + (" and more" if len(addresses) > _SHOWN else "")
    return f" This stack has {copies}: {shown}."


def _remedy(known: Singleton) -> str:
    match known.effect:
        case "adopts":
            return "Create a separate resource, or manage the default in only one stack."
        case "quota":
            return f"Create it in a stack that is deployed once per {known.scope}, and share it between deployments."
        case _:
            return f"Remove it from this stack. Create it in a stack that is deployed once per {known.scope}."


def _is_exempt(resource: Resource) -> bool:
    """Return whether this resource, unlike others of its type, does not count against the quota."""
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


RULE = Rule(
    id=ID,
    severity="error",
    summary="a resource with a quota of one, or a few, per account, Region or organization",
    source="https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html",
    example="""\
{"resource": {"aws_config_delivery_channel": {"channel": {"s3_bucket_name": "history"}}}}
""",
    why="""\
AWS allows only one, or a few, of some resources per account, Region or organization. A stack that creates one deploys
to an empty account and fails everywhere else. Other stacks overwrite a setting that is shared, or remove it when they
are destroyed.

The catalogue `data/account_singletons.json` lists the types, each with its scope, quota, effect and source. The finding
is an error if a second resource fails or overwrites the first. It is a warning if the quota is higher than one, or if
Terraform adopts a default. Removing all rules from the default security group of a VPC is recommended, so it is not a
finding.
""",
    remedy="Remove the resource from the stack. Create it in a stack that is deployed once per account.",
    check=check,
    types=frozenset(singletons()),
)
