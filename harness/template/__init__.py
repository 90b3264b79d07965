"""Assertions on Terraform JSON that read as sentences."""

from harness.template.errors import TemplateError
from harness.template.matching import Difference, Pattern
from harness.template.patterns import (
    ABSENT,
    ANYTHING,
    attribute,
    containing,
    decoded,
    exactly,
    matching,
    one_of,
)
from harness.template.references import Reference
from harness.template.resource import Resource
from harness.template.template import Template

__all__ = [
    "ABSENT",
    "ANYTHING",
    "Difference",
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
