"""Finds errors in Terraform JSON and plans for AWS before they are deployed."""

from terraform_guardrails.checking import check
from terraform_guardrails.errors import GuardrailsError, HclError, InputError, SuppressionError
from terraform_guardrails.finding import Finding, Inconclusive, Suppressed
from terraform_guardrails.report import Report
from terraform_guardrails.suppression import Suppression

__all__ = [
    "Finding",
    "GuardrailsError",
    "HclError",
    "Inconclusive",
    "InputError",
    "Report",
    "Suppressed",
    "Suppression",
    "SuppressionError",
    "check",
]
