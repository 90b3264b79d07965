"""A resource or data source of a template."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from terraform_harness.template.matching import Mismatch, is_list
from terraform_harness.template.references import Reference, references

type Json = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The type of a resource, its name in Terraform, and its properties."""

    type: str
    name: str
    properties: Mapping[str, Json]

    @property
    def address(self) -> str:
        """The address, such as `aws_kms_key.key_F64E54E4`."""
        return f"{self.type}.{self.name}"

    def __getitem__(self, attribute: str) -> Json:
        """Return the value of an attribute."""
        return self.properties[attribute]

    def get(self, attribute: str, default: Json = None) -> Json:
        """Return the value of an attribute; the default if it is not set."""
        return self.properties.get(attribute, default)

    def decoded(self, attribute: str) -> Json:
        """Return the content of an attribute that holds JSON as text."""
        return json.loads(self.properties[attribute])

    def statements(self, attribute: str = "policy") -> dict[str, dict[str, Json]]:
        """Return the statements of a policy by their Sid, or by `#0`, `#1` and so on without a Sid."""
        content = self.decoded(attribute)["Statement"]
        # A policy may have its only statement without a list:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
        statements = content if is_list(content) else [content]
        return {statement.get("Sid", f"#{index}"): statement for index, statement in enumerate(statements)}

    @property
    def references(self) -> list[Reference]:
        """The references in the properties, in their order."""
        return list(references(self.properties))


# A resource with its mismatches.
type Compared = tuple[Resource, Sequence[Mismatch]]
