"""Suppressions of findings, from the command line or the metadata of a resource."""

from dataclasses import dataclass
from typing import Self

from terraform_guardrails.errors import SuppressionError
from terraform_guardrails.finding import Finding
from terraform_guardrails.terraform.addresses import without_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One rule suppressed for one address, or for all instances of a block."""

    rule: str
    address: str
    reason: str

    @classmethod
    def parsed(cls, text: str) -> Self:
        """Parse `RULE@ADDRESS: REASON`.

        Raises:
            SuppressionError: a part is missing.
        """
        rule, _, rest = text.partition("@")
        address, _, reason = rest.partition(": ")
        if not (rule and address):
            raise SuppressionError(text, "the rule or the address is missing")
        if not reason.strip():
            raise SuppressionError(text, "the reason is missing")
        return cls(rule=rule, address=address, reason=reason.strip())

    def covers(self, finding: Finding) -> bool:
        """Return whether this suppression applies to a finding."""
        return self.rule == finding.rule and self.address in {finding.address, without_index(finding.address)}
