"""Runs every rule over every configuration that the user names."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from guardrails.errors import SuppressionError, UnknownValueError
from guardrails.expressions import start_again
from guardrails.finding import Finding, Suppressed, Unjudged
from guardrails.reading import stacks_in
from guardrails.report import Report
from guardrails.rules import RULES
from guardrails.stack import Lifetime, Resource, Stack
from guardrails.suppression import Suppression

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
    findings: list[Finding] = []
    unjudged: list[Unjudged] = []
    resources = 0
    for path in paths:
        for stack in stacks_in(Path(path), lifetime):
            resources += len(stack.resources)
            unjudged += [Unjudged(address=module, rule="every rule", reason=_UNSEEN) for module in stack.unseen_modules]
            for resource in stack.resources:
                accepted += _in_metadata(resource)
                for said in _judged(resource, stack):
                    if isinstance(said, Finding):
                        findings.append(said)
                    else:
                        unjudged.append(said)
    _check_rules_exist(accepted)
    suppressed = {
        finding: Suppressed(finding=finding, reason=suppression.reason)
        for finding in findings
        for suppression in accepted
        if suppression.covers(finding)
    }
    return Report(
        findings=tuple(sorted(set(findings) - suppressed.keys())),
        suppressed=tuple(sorted(suppressed.values())),
        unjudged=tuple(sorted(set(unjudged))),
        resources=resources,
    )


def _judged(resource: Resource, stack: Stack) -> Iterator[Finding | Unjudged]:
    for rule in RULES:
        if rule.types is None or resource.type in rule.types:
            try:
                yield from rule.check(resource, stack)
            except UnknownValueError as error:
                yield Unjudged(rule=rule.name, address=resource.address, reason=str(error))


def _in_metadata(resource: Resource) -> Iterator[Suppression]:
    for rule, reason in resource.suppressions.items():
        if not isinstance(reason, str) or not reason.strip():
            raise SuppressionError(f"{rule}@{resource.address}", "it has no reason")
        yield Suppression(rule=rule, address=resource.address, reason=reason)


def _check_rules_exist(suppressions: list[Suppression]) -> None:
    names = {rule.name for rule in RULES}
    for suppression in suppressions:
        if suppression.rule not in names:
            raise SuppressionError(
                f"{suppression.rule}@{suppression.address}",
                f"no rule has this name; there are {', '.join(sorted(names))}",
            )
