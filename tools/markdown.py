"""Formats paragraphs and tables of the generated pages."""

import textwrap
from collections.abc import Iterable, Sequence

_WIDTH = 120


def paragraph(*sentences: str) -> str:
    """Return the sentences as lines of up to 120 characters."""
    return textwrap.fill(" ".join(sentences), _WIDTH, break_long_words=False, break_on_hyphens=False)


def table(header: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: bool = True) -> list[str]:
    """Return the lines of a table. If its cells are numbers, all columns but the first are right-aligned."""
    alignment = [" ---: " if numbers else " --- "] * (len(header) - 1)
    return [_row(header), "|" + "|".join([" --- ", *alignment]) + "|", *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return "|" + "|".join(f" {cell} " for cell in cells) + "|"
