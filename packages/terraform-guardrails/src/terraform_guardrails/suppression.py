"""A finding that someone accepts, named on the command line or in the resource's metadata, with the reason."""

from dataclasses import dataclass
from typing import Self

from terraform_guardrails.errors import SuppressionError
from terraform_guardrails.finding import Finding
from terraform_guardrails.terraform.addresses import without_index


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One rule switched off for one address, or for all instances made from it."""

    rule: str
    address: str
    reason: str

    @classmethod
    def parsed(cls, text: str) -> Self:
        """The suppression that `RULE@ADDRESS: REASON` stands for.

        Raises:
            SuppressionError: a part is missing.
        """
        rule, _, rest = text.partition("@")
        address, _, reason = rest.partition(": ")
        if not (rule and address and reason.strip()):
            raise SuppressionError(text, "it has no reason" if rule and address else "it names no rule and address")
        return cls(rule=rule, address=address, reason=reason.strip())

    def covers(self, finding: Finding) -> bool:
        """Whether this is the finding that is accepted."""
        return self.rule == finding.rule and self.address in {finding.address, without_index(finding.address)}
