"""Finds the habits in files, and holds them against the allow list."""

import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.prose.habits import HABITS, LONGEST_TEST_NAME
from tools.prose.passages import Passage, passages

_READ_SUFFIXES = {".md", ".py", ".tf", ".toml", ".yaml", ".yml"}
_READ_NAMES = {"Makefile"}
_READ_HIDDEN = {".ci", ".github"}
_GENERATED = {"cdktf.out", "node_modules", "releases", "reports", "__pycache__"}
_CONTEXT = 30
_PATTERNS = [(habit, habit.pattern()) for habit in HABITS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A habit in a file."""

    path: str
    line: int
    words: str
    excerpt: str
    hint: str

    def __str__(self) -> str:
        """Return the line of the report."""
        return f"{self.path}:{self.line}: {self.excerpt} -> {self.hint}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    """An accepted passage of a file, which contains the words of a finding; without a text, the whole file."""

    path: str
    reason: str
    text: str | None = None

    def __str__(self) -> str:
        """Return the passage in quotation marks."""
        return "the whole file" if self.text is None else f"'{self.text}'"

    def covers(self, finding: Finding) -> bool:
        """Return whether the finding is in the accepted passage."""
        if self.path != finding.path:
            return False
        return self.text is None or (finding.words in self.text and self.text in finding.excerpt)


def allow_list(file: Path) -> Sequence[Allowed]:
    """Read the allow list."""
    return [Allowed(**entry) for entry in tomllib.loads(file.read_text(encoding="utf-8")).get("allowed", ())]


def files(root: Path) -> Iterator[Path]:
    """Yield the files below a folder that hold prose of ours."""
    for folder, folders, names in root.walk():
        folders[:] = [
            name for name in folders if name not in _GENERATED and (not name.startswith(".") or name in _READ_HIDDEN)
        ]
        yield from (
            folder / name for name in sorted(names) if name in _READ_NAMES or Path(name).suffix in _READ_SUFFIXES
        )


def findings(paths: Iterable[Path], root: Path) -> Iterator[Finding]:
    """Yield the habits in files, in the order of their lines."""
    for path in paths:
        name = path.relative_to(root).as_posix()
        found = (finding for passage in passages(path) for finding in _in_passage(passage, name))
        yield from sorted(found, key=lambda finding: finding.line)


def judge(found: Iterable[Finding], allowed: Sequence[Allowed], checked: Collection[str]) -> Iterator[str]:
    """Yield a line for each finding that is not allowed, and for each entry of a checked file that allows nothing."""
    used = set()
    for finding in found:
        covering = [entry for entry in allowed if entry.covers(finding)]
        used.update(covering)
        if not covering:
            yield str(finding)
    for entry in allowed:
        if entry.path in checked and entry not in used:
            yield f"{entry.path}: the allow list has {entry}, which is not found -> remove the entry"


def _in_passage(passage: Passage, path: str) -> Iterator[Finding]:
    text = passage.text
    if passage.kind == "test name":
        text = text.replace("_", " ")
        if len(text) > LONGEST_TEST_NAME:
            yield Finding(
                path=path,
                line=passage.line(0),
                words=passage.text,
                excerpt=passage.text,
                hint=f"use at most {LONGEST_TEST_NAME} characters (now {len(text)}), and a docstring for the rest",
            )
    for habit, pattern in _PATTERNS:
        if passage.kind in habit.kinds:
            for match in pattern.finditer(text):
                start = max(0, match.start() - _CONTEXT)
                excerpt = text[start : match.end() + _CONTEXT]
                yield Finding(
                    path=path,
                    line=passage.line(match.start() + len(match[0]) - len(match[0].lstrip())),
                    words=_one_line(match[0]),
                    excerpt=_one_line(excerpt),
                    hint=habit.hint,
                )


def _one_line(text: str) -> str:
    return " ".join(text.replace("\x00", "`").split())
