"""A stack's Terraform JSON as its tests see it."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from harness.template.errors import (
    CountError,
    ExceptionsError,
    NoMatchError,
    NothingOfTypeError,
    UnwantedError,
)
from harness.template.matching import differences
from harness.template.references import references
from harness.template.resource import Resource

type Wanted = Mapping[str, Any]
_ANY: Wanted = {}


class Template:
    """Resources by type. A type may hold `*`; data sources have types that begin with `data.`."""

    def __init__(self, terraform: Mapping[str, Any]) -> None:
        self.terraform = terraform
        self._all = [
            Resource(type=f"{prefix}{type_}", name=name, properties=properties)
            for block, prefix in (("resource", ""), ("data", "data."))
            for type_, named in terraform.get(block, {}).items()
            for name, properties in named.items()
        ]

    @property
    def outputs(self) -> dict[str, Any]:
        """The values of the outputs, as expressions."""
        return {name: output["value"] for name, output in self.terraform.get("output", {}).items()}

    def resources(self, type_: str = "*") -> list[Resource]:
        """Return the resources of a type, in the template's order."""
        wanted = [resource for resource in self._all if fnmatchcase(resource.type, type_)]
        return wanted if type_.startswith("data.") else [each for each in wanted if not each.type.startswith("data.")]

    def only(self, type_: str, wanted: Wanted = _ANY) -> Resource:
        """Return the one resource of a type that is as wanted.

        Raises:
            TemplateError: There is none, or there are several.
        """
        self.has(type_, wanted)
        fitting = self._fitting(type_, wanted)
        if len(fitting) != 1:
            raise CountError(type_=type_, wanted=1, found=fitting)
        return fitting[0]

    def has(self, type_: str, wanted: Wanted = _ANY) -> None:
        """Assert that some resource of a type is as wanted.

        Raises:
            TemplateError: None is; the nearest one is shown with its differences.
        """
        candidates = self._some(type_)
        compared = [(differences(wanted, dict(resource.properties)), resource) for resource in candidates]
        least, nearest = min(compared, key=lambda pair: len(pair[0]))
        if least:
            raise NoMatchError(type_=type_, candidates=len(candidates), nearest=nearest, differences=least)

    def count(self, type_: str, number: int, wanted: Wanted = _ANY) -> None:
        """Assert that so many resources of a type are as wanted.

        Raises:
            TemplateError: There are more or fewer.
        """
        fitting = self._fitting(type_, wanted)
        if len(fitting) != number:
            raise CountError(type_=type_, wanted=number, found=fitting)

    def lacks(self, type_: str, unwanted: Wanted = _ANY) -> None:
        """Assert that no resource of a type is like this.

        Raises:
            TemplateError: One is.
        """
        found = self._fitting(type_, unwanted)
        if found:
            raise UnwantedError(type_=type_, found=found)

    def every(self, type_: str, wanted: Wanted) -> None:
        """Assert that there are resources of a type and that all are as wanted.

        Raises:
            TemplateError: There is none, or one differs.
        """
        candidates = self._some(type_)
        compared = [(resource, differences(wanted, dict(resource.properties))) for resource in candidates]
        exceptions = [(resource, found) for resource, found in compared if found]
        if exceptions:
            raise ExceptionsError(type_=type_, total=len(candidates), exceptions=exceptions)

    def resolve(self, expression: str) -> list[Resource]:
        """Return the resources that an expression, or an address, refers to."""
        by_address = {resource.address: resource for resource in self._all}
        return [by_address[reference.address] for reference in references(expression)]

    def dependencies(self, resource: Resource) -> set[str]:
        """Return the addresses of all that a resource waits for, directly or through others."""
        by_address = {each.address: each for each in self._all}
        found: set[str] = set()
        open_ = [resource]
        while open_:
            new = {reference.address for reference in open_.pop().references} - found
            found |= new
            open_ += [by_address[address] for address in sorted(new) if address in by_address]
        return found

    def _some(self, type_: str) -> list[Resource]:
        candidates = self.resources(type_)
        if not candidates:
            raise NothingOfTypeError(type_=type_, known=[resource.type for resource in self._all])
        return candidates

    def _fitting(self, type_: str, wanted: Wanted) -> list[Resource]:
        return [each for each in self.resources(type_) if not differences(wanted, dict(each.properties))]
