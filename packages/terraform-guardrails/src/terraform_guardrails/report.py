"""The results of all rules, as JSON or text."""

import json
from dataclasses import asdict, dataclass

from terraform_guardrails.finding import Finding, Inconclusive, Suppressed


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The results of all rules, in the order of the addresses."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Suppressed, ...]
    inconclusive: tuple[Inconclusive, ...]
    resources: int

    @property
    def errors(self) -> int:
        """The number of findings that are errors."""
        return sum(finding.severity == "error" for finding in self.findings)

    def to_json(self) -> str:
        """Return the report as one JSON object. The same input gives the same text."""
        return json.dumps(
            {
                "findings": [_finding(finding) for finding in self.findings],
                "resources": self.resources,
                "suppressed": [{**_finding(each.finding), "reason": each.reason} for each in self.suppressed],
                "unjudged": [
                    {"rule": each.rule, "address": each.address, "reason": each.reason} for each in self.inconclusive
                ],
            },
            indent=2,
        )

    def to_text(self) -> str:
        """Return the report as lines of text, without colour."""
        lines = [line for finding in self.findings for line in _lines(finding)]
        lines += [f"suppressed {each.finding.rule} {each.finding.address}: {each.reason}" for each in self.suppressed]
        return "\n".join([*lines, self.summary()])

    def summary(self) -> str:
        """Return one line with the number of each kind of result."""
        warnings = len(self.findings) - self.errors
        parts = [_count(self.errors, "error"), _count(warnings, "warning")]
        if self.suppressed:
            parts.append(f"{len(self.suppressed)} suppressed")
        if self.inconclusive:
            parts.append(f"{len(self.inconclusive)} inconclusive (use --format json for the reasons)")
        return f"{_count(self.resources, 'resource')}: {', '.join(parts)}."


def _finding(finding: Finding) -> dict[str, str]:
    fields = asdict(finding)
    return {name: fields[name] for name in ("rule", "severity", "address", "problem", "remedy")}


def _lines(finding: Finding) -> list[str]:
    return [f"{finding.severity} {finding.rule} {finding.address}", f"  {finding.problem}", f"  {finding.remedy}"]


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
