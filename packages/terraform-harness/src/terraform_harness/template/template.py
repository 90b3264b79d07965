"""A stack's Terraform JSON as its tests see it."""

from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from terraform_harness.template.errors import (
    CountError,
    ExceptionsError,
    NoMatchError,
    NothingOfTypeError,
    OutputsError,
    UnresolvedReferenceError,
    UnwantedError,
)
from terraform_harness.template.matching import Place, differences
from terraform_harness.template.references import Reference, placed_references, references
from terraform_harness.template.resource import Compared, Resource

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
        self._by_address = {resource.address: resource for resource in self._all}

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
        self.count(type_, 1, wanted)
        return self._fitting(type_, wanted)[0]

    def has(self, type_: str, wanted: Wanted = _ANY) -> None:
        """Assert that some resource of a type is as wanted.

        Raises:
            TemplateError: None is; the nearest one is shown with its differences.
        """
        candidates = self._some(type_)
        nearest, least = min(self._compared(candidates, wanted), key=_number_of_differences)
        if least:
            raise NoMatchError(type_=type_, candidates=len(candidates), nearest=nearest, differences=least)

    def count(self, type_: str, number: int, wanted: Wanted = _ANY) -> None:
        """Assert that so many resources of a type are as wanted.

        Raises:
            TemplateError: There are more or fewer; if fewer, the nearest of the others is shown with its differences.
        """
        compared = self._compared(self._some(type_) if number else self.resources(type_), wanted)
        fitting = [resource for resource, found in compared if not found]
        if len(fitting) != number:
            others = [one for one in compared if one[1]] if len(fitting) < number else []
            nearest = min(others, key=_number_of_differences, default=None)
            raise CountError(type_=type_, wanted=number, condition=wanted, found=fitting, nearest=nearest)

    def lacks(self, type_: str, unwanted: Wanted = _ANY) -> None:
        """Assert that no resource of a type is like this.

        Raises:
            TemplateError: One is.
        """
        found = self._fitting(type_, unwanted)
        if found:
            raise UnwantedError(type_=type_, condition=unwanted, found=found)

    def every(self, type_: str, wanted: Wanted) -> None:
        """Assert that there are resources of a type and that all are as wanted.

        Raises:
            TemplateError: There is none, or one differs.
        """
        candidates = self._some(type_)
        exceptions = [(resource, found) for resource, found in self._compared(candidates, wanted) if found]
        if exceptions:
            raise ExceptionsError(type_=type_, total=len(candidates), exceptions=exceptions)

    def has_outputs(self, wanted: Wanted) -> None:
        """Assert that these outputs are there and as wanted.

        Raises:
            TemplateError: One is not.
        """
        found = differences(wanted, self.outputs, Place(addresses=self._by_address))
        if found:
            raise OutputsError(differences=found)

    def resolve(self, expression: str) -> list[Resource]:
        """Return the resources that an expression, or an address, refers to.

        Raises:
            TemplateError: One of them is not in the template.
        """
        addresses = [reference.address for reference in references(expression)]
        for address in addresses:
            if address not in self._by_address:
                places = [str(place) for place, found in self._placed() if found.address == address]
                raise UnresolvedReferenceError(
                    expression=expression, address=address, places=places, known=self._by_address
                )
        return [self._by_address[address] for address in addresses]

    def dependencies(self, resource: Resource) -> set[str]:
        """Return the addresses of all that a resource waits for, directly or through others."""
        found: set[str] = set()
        open_ = [resource]
        while open_:
            new = {reference.address for reference in open_.pop().references} - found
            found |= new
            open_ += [self._by_address[address] for address in sorted(new) if address in self._by_address]
        return found

    def _some(self, type_: str) -> list[Resource]:
        candidates = self.resources(type_)
        if not candidates:
            raise NothingOfTypeError(type_=type_, known=[resource.type for resource in self._all])
        return candidates

    def _compared(self, resources: Sequence[Resource], wanted: Wanted) -> list[Compared]:
        whole = Place(addresses=self._by_address)
        return [(each, differences(wanted, dict(each.properties), whole)) for each in resources]

    def _fitting(self, type_: str, wanted: Wanted) -> list[Resource]:
        return [resource for resource, found in self._compared(self.resources(type_), wanted) if not found]

    def _placed(self) -> Iterator[tuple[Place, Reference]]:
        """Every reference of the template, with where it stands."""
        for resource in self._all:
            yield from placed_references(resource.properties, Place(path=resource.address))
        yield from placed_references(self.terraform.get("output", {}), Place(path="output"))


def _number_of_differences(compared: Compared) -> int:
    return len(compared[1])
