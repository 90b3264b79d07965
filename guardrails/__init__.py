"""Rules over Terraform JSON: finds what will not deploy, or will not work, before it is deployed."""

from guardrails.checking import check
from guardrails.errors import GuardrailsError, HclError, InputError, SuppressionError
from guardrails.finding import Finding, Suppressed, Unjudged
from guardrails.report import Report
from guardrails.suppression import Suppression

__all__ = [
    "Finding",
    "GuardrailsError",
    "HclError",
    "InputError",
    "Report",
    "Suppressed",
    "Suppression",
    "SuppressionError",
    "Unjudged",
    "check",
]
