"""Assertions on Terraform JSON."""

from terraform_harness.template.errors import TemplateError
from terraform_harness.template.matching import Mismatch, Pattern
from terraform_harness.template.patterns import (
    ABSENT,
    ANYTHING,
    attribute,
    containing,
    decoded,
    exactly,
    matching,
    one_of,
)
from terraform_harness.template.references import Reference
from terraform_harness.template.resource import Resource
from terraform_harness.template.template import Template

__all__ = [
    "ABSENT",
    "ANYTHING",
    "Mismatch",
    "Pattern",
    "Reference",
    "Resource",
    "Template",
    "TemplateError",
    "attribute",
    "containing",
    "decoded",
    "exactly",
    "matching",
    "one_of",
]
