"""The failures of assertions on a template."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from terraform_harness.errors import HarnessError
from terraform_harness.template.matching import Mismatch
from terraform_harness.template.references import closest_addresses
from terraform_harness.template.resource import Compared, Resource


class TemplateError(HarnessError, AssertionError):
    """An assertion on a template failed."""


class CountError(TemplateError):
    """There are more or fewer resources than asserted."""

    def __init__(
        self,
        *,
        type_: str,
        wanted: int,
        condition: Mapping[str, Any],
        found: Sequence[Resource],
        closest: Compared | None,
    ) -> None:
        text = f"Wanted {wanted} {type_}{_with(condition)}, found {len(found)}{_listed(found)}"
        if closest is not None:
            text += f"\nThe closest other one is {closest[0].address}:{_lines(closest[1], '  ')}"
        super().__init__(text)


class TypeMissingError(TemplateError):
    """No resource has the type, so that an assertion on it would prove nothing."""

    def __init__(self, *, type_: str, known: Sequence[str]) -> None:
        super().__init__(f"No {type_} is in the template; it has {', '.join(sorted(set(known))) or 'no resource'}.")


class NoMatchError(TemplateError):
    """No resource matches."""

    def __init__(self, *, type_: str, candidates: int, closest: Compared) -> None:
        resource, found = closest
        super().__init__(
            f"None of {candidates} {type_} matches. The closest is {resource.address}:{_lines(found, '  ')}"
        )


class UnwantedError(TemplateError):
    """Resources match that should not exist."""

    def __init__(self, *, type_: str, condition: Mapping[str, Any], found: Sequence[Resource]) -> None:
        super().__init__(f"Wanted no {type_}{_with(condition)}, found {len(found)}{_listed(found)}")


class ExceptionsError(TemplateError):
    """Some resources of a type do not match."""

    def __init__(self, *, type_: str, total: int, exceptions: Sequence[Compared]) -> None:
        lines = "".join(f"\n  {resource.address}{_lines(found, '    ')}" for resource, found in exceptions)
        verb = "does" if len(exceptions) == 1 else "do"
        super().__init__(f"{len(exceptions)} of {total} {type_} {verb} not match:{lines}")


class OutputsError(TemplateError):
    """The outputs do not match."""

    def __init__(self, *, found: Sequence[Mismatch]) -> None:
        super().__init__(f"The outputs do not match:{_lines(found, '  ')}")


class UnresolvedReferenceError(TemplateError):
    """An expression refers to a resource that is not in the template."""

    def __init__(self, *, expression: str, address: str, users: Sequence[str], known: Collection[str]) -> None:
        text = f"{expression!r} refers to {address}, which is not in the template{closest_addresses(address, known)}."
        super().__init__(f"{text} Other references to it: {', '.join(users)}." if users else text)


def _with(condition: Mapping[str, Any]) -> str:
    return f" with {dict(condition)!r}" if condition else ""


def _lines(found: Sequence[Mismatch], indent: str) -> str:
    return "".join(f"\n{indent}{mismatch}" for mismatch in found)


def _listed(found: Sequence[Resource]) -> str:
    return ": " + ", ".join(resource.address for resource in found) if found else "."
