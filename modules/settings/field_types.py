"""Fields and validators that several groups of settings use."""

from pydantic import Field


def number[N: int | None](*, default: N, ge: int, le: int, description: str, also: str = "") -> N:
    """Return a field for a number within limits; `also` is a further limit in the title."""
    return Field(default=default, ge=ge, le=le, title=f"{ge} to {le}{also}", description=description)


def flag(*, default: bool, description: str) -> bool:
    """Return a field for true or false."""
    return Field(default=default, title="true or false", description=description)


def split(value: object) -> object:
    """Split a comma-separated list, and drop repeated entries."""
    if not isinstance(value, str):
        return value
    return list(dict.fromkeys(part.strip() for part in value.split(",") if part.strip()))
