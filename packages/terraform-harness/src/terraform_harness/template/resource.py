"""One resource or data source of a template."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from terraform_harness.template.matching import Difference, is_list
from terraform_harness.template.references import Reference, references


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """A resource's type, its name in Terraform, and what it sets."""

    type: str
    name: str
    properties: Mapping[str, Any]

    @property
    def address(self) -> str:
        """Terraform's address, such as `aws_kms_key.key_F64E54E4`."""
        return f"{self.type}.{self.name}"

    def __getitem__(self, attribute: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return what the resource sets an attribute to."""
        return self.properties[attribute]

    def get(self, attribute: str, default: Any = None) -> Any:  # noqa: ANN401 - any JSON value
        """Return what the resource sets an attribute to, if it does."""
        return self.properties.get(attribute, default)

    def decoded(self, attribute: str) -> Any:  # noqa: ANN401 - any JSON value
        """Return the content of an attribute that holds JSON as text."""
        return json.loads(self.properties[attribute])

    def statements(self, attribute: str = "policy") -> dict[str, dict[str, Any]]:
        """Return the statements of a policy by their Sid; those without one by their position."""
        content = self.decoded(attribute)["Statement"]
        # A policy of one statement may have it without a list around it:
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_statement.html
        statements = content if is_list(content) else [content]
        return {statement.get("Sid", f"#{position}"): statement for position, statement in enumerate(statements)}

    @property
    def references(self) -> list[Reference]:
        """All that the resource refers to, in the order in which it does."""
        return list(references(self.properties))


# How a resource differs from what was wanted.
type Compared = tuple[Resource, Sequence[Difference]]
