"""Rules over Terraform JSON: finds what will not deploy, or will not work, before it is deployed."""

from terraform_guardrails.checking import check
from terraform_guardrails.errors import GuardrailsError, HclError, InputError, SuppressionError
from terraform_guardrails.finding import Finding, Suppressed, Unjudged
from terraform_guardrails.report import Report
from terraform_guardrails.suppression import Suppression

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
