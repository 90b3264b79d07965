"""What an assertion on a template says when it fails."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from terraform_harness.errors import HarnessError
from terraform_harness.template.matching import Difference
from terraform_harness.template.references import nearest_addresses
from terraform_harness.template.resource import Compared, Resource


class TemplateError(HarnessError, AssertionError):
    """A template is not as asserted."""


class CountError(TemplateError):
    """There are more or fewer resources than asserted."""

    def __init__(
        self,
        *,
        type_: str,
        wanted: int,
        condition: Mapping[str, Any],
        found: Sequence[Resource],
        nearest: Compared | None,
    ) -> None:
        """List those that are there; if they are too few, show how the nearest of the others differs."""
        said = f"Wanted {wanted} {type_}{_with(condition)}, found {len(found)}{_listed(found)}"
        if nearest is not None:
            said += f"\nThe nearest that does not fit is {nearest[0].address}:{_lines(nearest[1], '  ')}"
        super().__init__(said)


class NothingOfTypeError(TemplateError):
    """No resource has the type, so that an assertion on it would say nothing."""

    def __init__(self, *, type_: str, known: Sequence[str]) -> None:
        """List the types that are there."""
        super().__init__(f"No {type_} is in the template; it has {', '.join(sorted(set(known))) or 'no resource'}.")


class NoMatchError(TemplateError):
    """No resource is as asserted."""

    def __init__(self, *, type_: str, candidates: int, nearest: Resource, differences: Sequence[Difference]) -> None:
        """Show the nearest one and how it differs."""
        nearest_is = f"The nearest is {nearest.address}, but:{_lines(differences, '  ')}"
        super().__init__(f"None of {candidates} {type_} is as wanted. {nearest_is}")


class UnwantedError(TemplateError):
    """There are resources that there should not be."""

    def __init__(self, *, type_: str, condition: Mapping[str, Any], found: Sequence[Resource]) -> None:
        """List them."""
        super().__init__(f"Wanted no {type_}{_with(condition)}, found {len(found)}{_listed(found)}")


class ExceptionsError(TemplateError):
    """Some of those that should all be alike differ."""

    def __init__(self, *, type_: str, total: int, exceptions: Sequence[Compared]) -> None:
        """Show each with its differences."""
        lines = "".join(f"\n  {resource.address}{_lines(found, '    ')}" for resource, found in exceptions)
        super().__init__(f"{len(exceptions)} of {total} {type_} are not as wanted:{lines}")


class OutputsError(TemplateError):
    """The outputs are not as asserted."""

    def __init__(self, *, differences: Sequence[Difference]) -> None:
        """Show each difference."""
        super().__init__(f"The outputs are not as wanted:{_lines(differences, '  ')}")


class UnresolvedReferenceError(TemplateError):
    """An expression refers to what is not in the template."""

    def __init__(self, *, expression: str, address: str, places: Sequence[str], known: Collection[str]) -> None:
        """Name what it refers to, the most similar addresses, and where else the template refers to it."""
        said = f"{expression!r} refers to {address}, which is not in the template{nearest_addresses(address, known)}."
        super().__init__(f"{said} It is referred to in {', '.join(places)}." if places else said)


def _with(condition: Mapping[str, Any]) -> str:
    return f" with {dict(condition)!r}" if condition else ""


def _lines(differences: Sequence[Difference], indent: str) -> str:
    return "".join(f"\n{indent}{difference}" for difference in differences)


def _listed(found: Sequence[Resource]) -> str:
    return ": " + ", ".join(resource.address for resource in found) if found else "."
