"""Draws the imports between the folders of code in docs/architecture.md: `python -m tools imports-diagram`."""

import ast
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

import grimp

from tools.errors import MarkersError
from tools.project import PROJECT

PAGE = PROJECT / "docs" / "architecture.md"
BEGIN = "<!-- imports: begin, written by `python -m tools imports-diagram` -->"
END = "<!-- imports: end -->"

type Edge = tuple[str, str]


def write() -> None:
    """Draw the imports between the folders of code in docs/architecture.md."""
    PAGE.write_text(updated(PAGE))


def updated(page: Path) -> str:
    """Return the page with a diagram of the imports of today.

    Raises:
        MarkersError: The page has no place for the diagram.
    """
    head, begin, rest = page.read_text().partition(BEGIN)
    _, end, tail = rest.partition(END)
    if not (begin and end):
        raise MarkersError(page=page, begin=BEGIN, end=END)
    return f"{head}{BEGIN}\n{draw(edges(root_packages()))}{END}{tail}"


def root_packages() -> list[str]:
    """Return the packages that the import rules in pyproject.toml cover."""
    configuration = tomllib.loads((PROJECT / "pyproject.toml").read_text())
    packages: list[str] = configuration["tool"]["importlinter"]["root_packages"]
    return packages


def edges(packages: Iterable[str]) -> set[Edge]:
    """Return the pairs of importer and imported package, and those of main.py."""
    graph = grimp.build_graph(*packages, cache_dir=None)
    between = {
        (_root(importer), _root(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
    }
    of_main = {("main.py", name) for name in imported_by(PROJECT / "main.py") if name in set(packages)}
    return {(importer, imported) for importer, imported in between | of_main if importer != imported}


def imported_by(file: Path) -> set[str]:
    """Return the top-level packages that a file imports."""
    return set(_imported(ast.parse(file.read_text())))


def draw(edges: Iterable[Edge]) -> str:
    """Return a Mermaid flow chart with one arrow for each pair."""
    arrows = (f"    {importer} --> {imported}" for importer, imported in sorted(edges))
    return "\n".join(["```mermaid", "flowchart TD", *arrows, "```", ""])


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                yield from (_root(alias.name) for alias in node.names)
            case ast.ImportFrom(module=str(module), level=0):
                yield _root(module)


def _root(module: str) -> str:
    return module.partition(".")[0]
