"""Runs every rule over every configuration that the user names."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from terraform_guardrails.errors import SuppressionError, UnknownValueError
from terraform_guardrails.finding import Finding, Suppressed, Unjudged
from terraform_guardrails.report import Report
from terraform_guardrails.rules import RULES
from terraform_guardrails.suppression import Suppression
from terraform_guardrails.terraform.expressions import start_again
from terraform_guardrails.terraform.reading import stacks_in
from terraform_guardrails.terraform.stack import Lifetime, Resource, Stack

_UNSEEN = "what a module creates is in a plan only"


def check(
    paths: Iterable[Path | str], suppressions: Iterable[Suppression] = (), *, lifetime: Lifetime | None = None
) -> Report:
    """Check the Terraform JSON at these paths with every rule.

    `lifetime` says what the stacks are set to be; without it the default tag `Ephemeral` does.

    Raises:
        InputError: a path cannot be read.
        SuppressionError: a suppression has no reason, or names a rule that is none.
    """
    start_again()
    accepted = list(suppressions)
    _check_rules_exist(accepted)
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    unjudged: list[Unjudged] = []
    resources = 0
    for path in paths:
        for stack in stacks_in(Path(path), lifetime):
            resources += len(stack.resources)
            unjudged += [Unjudged(address=module, rule="every rule", reason=_UNSEEN) for module in stack.unseen_modules]
            here = [*accepted, *_in_metadata(stack)]
            for said in {said for resource in stack.resources for said in _judged(resource, stack)}:
                if isinstance(said, Unjudged):
                    unjudged.append(said)
                elif (suppression := next((each for each in here if each.covers(said)), None)) is not None:
                    suppressed.append(Suppressed(finding=said, reason=suppression.reason))
                else:
                    findings.append(said)
    return Report(
        findings=tuple(sorted(findings)),
        suppressed=tuple(sorted(suppressed)),
        unjudged=tuple(sorted(unjudged)),
        resources=resources,
    )


def _judged(resource: Resource, stack: Stack) -> Iterator[Finding | Unjudged]:
    for rule in RULES:
        if rule.types is None or resource.type in rule.types:
            try:
                yield from rule.check(resource, stack)
            except UnknownValueError as error:
                yield Unjudged(rule=rule.name, address=resource.address, reason=str(error))


def _in_metadata(stack: Stack) -> list[Suppression]:
    found = []
    for resource in stack.resources:
        for rule, reason in resource.suppressions.items():
            if not isinstance(reason, str) or not reason.strip():
                raise SuppressionError(f"{rule}@{resource.address}", "it has no reason")
            found.append(Suppression(rule=rule, address=resource.address, reason=reason))
    _check_rules_exist(found)
    return found


def _check_rules_exist(suppressions: list[Suppression]) -> None:
    names = {rule.name for rule in RULES}
    for suppression in suppressions:
        if suppression.rule not in names:
            raise SuppressionError(
                f"{suppression.rule}@{suppression.address}",
                f"no rule has this name; there are {', '.join(sorted(names))}",
            )
