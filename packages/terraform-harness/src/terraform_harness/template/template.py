"""The Terraform JSON of a stack, with assertions."""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from terraform_harness.template.errors import (
    CountError,
    ExceptionsError,
    NoMatchError,
    OutputsError,
    TypeMissingError,
    UnresolvedReferenceError,
    UnwantedError,
)
from terraform_harness.template.matching import Location, mismatches
from terraform_harness.template.references import located_references, references
from terraform_harness.template.resource import Compared, Resource

type Wanted = Mapping[str, Any]
_ANY: Wanted = {}


class Template:
    """The resources of a stack by type. A type may contain `*`; the types of data sources begin with `data.`.

    Each assertion raises TemplateError if it fails.
    """

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
        """Return the resources of a type, in the order of the template."""
        wanted = [resource for resource in self._all if fnmatchcase(resource.type, type_)]
        return wanted if type_.startswith("data.") else [each for each in wanted if not each.type.startswith("data.")]

    def only(self, type_: str, wanted: Wanted = _ANY) -> Resource:
        """Return the only resource of a type that matches; there must be exactly one."""
        __tracebackhide__ = True
        self.has(type_, wanted)
        self.count(type_, 1, wanted)
        return self._matching(type_, wanted)[0]

    def has(self, type_: str, wanted: Wanted = _ANY) -> None:
        """Assert that a resource of a type matches; a failure shows the closest one and its mismatches."""
        __tracebackhide__ = True
        compared = self._compared(self._existing(type_), wanted)
        closest = min(compared, key=_number_of_mismatches)
        if closest[1]:
            raise NoMatchError(type_=type_, candidates=len(compared), closest=closest)

    def count(self, type_: str, number: int, wanted: Wanted = _ANY) -> None:
        """Assert the number of matching resources; a failure with too few shows the closest other one."""
        __tracebackhide__ = True
        compared = self._compared(self._existing(type_) if number else self.resources(type_), wanted)
        matching = [resource for resource, found in compared if not found]
        if len(matching) != number:
            others = [one for one in compared if one[1]] if len(matching) < number else []
            closest = min(others, key=_number_of_mismatches, default=None)
            raise CountError(type_=type_, wanted=number, condition=wanted, found=matching, closest=closest)

    def lacks(self, type_: str, unwanted: Wanted = _ANY) -> None:
        """Assert that no resource of a type matches."""
        __tracebackhide__ = True
        found = self._matching(type_, unwanted)
        if found:
            raise UnwantedError(type_=type_, condition=unwanted, found=found)

    def every(self, type_: str, wanted: Wanted) -> None:
        """Assert that there are resources of a type, and that all of them match."""
        __tracebackhide__ = True
        compared = self._compared(self._existing(type_), wanted)
        exceptions = [one for one in compared if one[1]]
        if exceptions:
            raise ExceptionsError(type_=type_, total=len(compared), exceptions=exceptions)

    def has_outputs(self, wanted: Wanted) -> None:
        """Assert that the outputs exist and match."""
        __tracebackhide__ = True
        found = mismatches(wanted, self.outputs, Location(addresses=self._by_address))
        if found:
            raise OutputsError(found=found)

    def resolve(self, expression: str) -> list[Resource]:
        """Return the resources that an expression, or an address, refers to; all must be in the template."""
        __tracebackhide__ = True
        addresses = [reference.address for reference in references(expression)]
        for address in addresses:
            if address not in self._by_address:
                raise UnresolvedReferenceError(
                    expression=expression, address=address, users=self._users_of(address), known=self._by_address
                )
        return [self._by_address[address] for address in addresses]

    def dependencies(self, resource: Resource) -> set[str]:
        """Return the addresses of all dependencies of a resource, direct and indirect."""
        found: set[str] = set()
        open_ = [resource]
        while open_:
            new = {reference.address for reference in open_.pop().references} - found
            found |= new
            open_ += [self._by_address[address] for address in sorted(new) if address in self._by_address]
        return found

    def _existing(self, type_: str) -> list[Resource]:
        candidates = self.resources(type_)
        if not candidates:
            raise TypeMissingError(type_=type_, known=[resource.type for resource in self._all])
        return candidates

    def _compared(self, resources: Sequence[Resource], wanted: Wanted) -> list[Compared]:
        whole = Location(addresses=self._by_address)
        return [(each, mismatches(wanted, dict(each.properties), whole)) for each in resources]

    def _matching(self, type_: str, wanted: Wanted) -> list[Resource]:
        return [resource for resource, found in self._compared(self.resources(type_), wanted) if not found]

    def _users_of(self, address: str) -> list[str]:
        """Return the locations that refer to an address."""
        values = {resource.address: resource.properties for resource in self._all}
        values["output"] = self.terraform.get("output", {})
        return [
            at.path
            for name, value in values.items()
            for at, reference in located_references(value, Location(path=name))
            if reference.address == address
        ]


def _number_of_mismatches(compared: Compared) -> int:
    return len(compared[1])
