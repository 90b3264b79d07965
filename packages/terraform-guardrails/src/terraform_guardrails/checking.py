"""Runs every rule on every configuration that the user passes."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from terraform_guardrails.errors import SuppressionError, UnknownValueError
from terraform_guardrails.finding import Finding, Inconclusive, Suppressed
from terraform_guardrails.report import Report
from terraform_guardrails.rules import RULES
from terraform_guardrails.suppression import Suppression
from terraform_guardrails.terraform.reading import stacks_in
from terraform_guardrails.terraform.stack import Lifetime, Resource, Stack
from terraform_guardrails.terraform.syntax import clear_cache

_MODULE_HIDDEN = "the resources of a module are visible only in a plan"
_METADATA = 'Write the reason as text in the "//" metadata of the resource: {"guardrails": {"RULE": "REASON"}}.'


def check(
    paths: Iterable[Path | str], suppressions: Iterable[Suppression] = (), *, lifetime: Lifetime | None = None
) -> Report:
    """Check the Terraform JSON at these paths with every rule.

    `lifetime` overrides the default tag `Ephemeral`.

    Raises:
        InputError: a path cannot be read.
        SuppressionError: a suppression has no reason, or names an unknown rule.
    """
    clear_cache()
    accepted = list(suppressions)
    _check_rules_exist(accepted)
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    inconclusive: list[Inconclusive] = []
    resources = 0
    for path in paths:
        for stack in stacks_in(Path(path), lifetime):
            resources += len(stack.resources)
            inconclusive += [
                Inconclusive(address=module, rule="every rule", reason=_MODULE_HIDDEN)
                for module in stack.unseen_modules
            ]
            stack_suppressions = [*accepted, *_in_metadata(stack)]
            for result in {result for resource in stack.resources for result in _results(resource, stack)}:
                if isinstance(result, Inconclusive):
                    inconclusive.append(result)
                elif (suppression := next((each for each in stack_suppressions if each.covers(result)), None)) is None:
                    findings.append(result)
                else:
                    suppressed.append(Suppressed(finding=result, reason=suppression.reason))
    return Report(
        findings=tuple(sorted(findings)),
        suppressed=tuple(sorted(suppressed)),
        inconclusive=tuple(sorted(inconclusive)),
        resources=resources,
    )


def _results(resource: Resource, stack: Stack) -> Iterator[Finding | Inconclusive]:
    for rule in RULES:
        if rule.types is None or resource.type in rule.types:
            try:
                yield from rule.check(resource, stack)
            except UnknownValueError as error:
                yield Inconclusive(rule=rule.id, address=resource.address, reason=str(error))


def _in_metadata(stack: Stack) -> list[Suppression]:
    found = []
    for resource in stack.resources:
        for rule, reason in resource.suppressions.items():
            if not isinstance(reason, str) or not reason.strip():
                raise SuppressionError(f"{rule}@{resource.address}", "the reason is missing", _METADATA)
            found.append(Suppression(rule=rule, address=resource.address, reason=reason))
    _check_rules_exist(found)
    return found


def _check_rules_exist(suppressions: list[Suppression]) -> None:
    ids = {rule.id for rule in RULES}
    for suppression in suppressions:
        if suppression.rule not in ids:
            raise SuppressionError(
                f"{suppression.rule}@{suppression.address}",
                f"the rule {suppression.rule} does not exist",
                f"The rules are {', '.join(sorted(ids))}.",
            )
