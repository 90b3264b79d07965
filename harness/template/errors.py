"""What an assertion on a template says when it fails."""

from collections.abc import Sequence

from harness.errors import HarnessError
from harness.template.matching import Difference
from harness.template.resource import Resource


class TemplateError(HarnessError, AssertionError):
    """A template is not as asserted."""


class CountError(TemplateError):
    """There are more or fewer resources than asserted."""

    def __init__(self, *, type_: str, wanted: int, found: Sequence[Resource]) -> None:
        """List those that are there."""
        super().__init__(f"Wanted {wanted} {type_}, found {len(found)}{_listed(found)}")


class NothingOfTypeError(TemplateError):
    """No resource has the type, so that an assertion on it would say nothing."""

    def __init__(self, *, type_: str, known: Sequence[str]) -> None:
        """List the types that are there."""
        super().__init__(f"No {type_} is in the template; it has {', '.join(sorted(set(known))) or 'no resource'}.")


class NoMatchError(TemplateError):
    """No resource is as asserted."""

    def __init__(self, *, type_: str, candidates: int, nearest: Resource, differences: Sequence[Difference]) -> None:
        """Show the nearest one and how it differs."""
        lines = "".join(f"\n  {difference}" for difference in differences)
        super().__init__(f"None of {candidates} {type_} is as wanted. The nearest is {nearest.address}, but:{lines}")


class UnwantedError(TemplateError):
    """There are resources that there should not be."""

    def __init__(self, *, type_: str, found: Sequence[Resource]) -> None:
        """List them."""
        super().__init__(f"Wanted no such {type_}, found {len(found)}{_listed(found)}")


class ExceptionsError(TemplateError):
    """Some of those that should all be alike differ."""

    def __init__(self, *, type_: str, total: int, exceptions: Sequence[tuple[Resource, Sequence[Difference]]]) -> None:
        """Show each with its differences."""
        lines = "".join(
            f"\n  {resource.address}" + "".join(f"\n    {difference}" for difference in differences)
            for resource, differences in exceptions
        )
        super().__init__(f"{len(exceptions)} of {total} {type_} are not as wanted:{lines}")


def _listed(found: Sequence[Resource]) -> str:
    return ": " + ", ".join(resource.address for resource in found) if found else "."
