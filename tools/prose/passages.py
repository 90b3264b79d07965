"""Extracts the passages that a person reads from Python, Markdown and configuration files."""

import ast
import io
import re
import tokenize
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Literal

type Kind = Literal["page", "docstring", "function docstring", "comment", "message", "test name"]
type Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
type Part = tuple[int, str]

# A string literal of fewer words is a name, a key or a value.
_WORDS_OF_A_MESSAGE = 3
_WORD = re.compile(r"[A-Za-z]{2,}")
_CODE = (
    re.compile(r"^( *)(```|~~~).*?^\1\2[ \t]*$", re.DOTALL | re.MULTILINE),
    re.compile(r"(`+)(?!`).+?\1", re.DOTALL),
    re.compile(r"(?<=\]\()[^)\s]*(?=\))|https?://\S+"),
)
_DIRECTIVE = re.compile(r"(?:noqa|type|fmt|pragma)\b:?.*?(?: - |$)")
_CONFIGURATION_COMMENT = re.compile(r"(?:^|(?<=\s))#+[ \t](?P<text>.*)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A text without its code, and the lines of the file that it comes from."""

    kind: Kind
    text: str
    # The offset in the text and the line in the file of each part, in ascending order.
    starts: Sequence[tuple[int, int]]

    def line(self, offset: int) -> int:
        """Return the line of the file that holds the character at an offset of the text."""
        start, line = self.starts[bisect_right(self.starts, offset, key=lambda start: start[0]) - 1]
        return line + self.text.count("\n", start, offset)


def passages(path: Path) -> Iterator[Passage]:
    """Yield the passages of a Python or Markdown file, and the comments of any other file."""
    text = path.read_text(encoding="utf-8")
    match path.suffix:
        case ".md":
            yield _passage("page", [(1, text)])
        case ".py":
            yield from _strings(ast.parse(text))
            yield from _comments(
                (token.start[0], _DIRECTIVE.sub("", token.string.lstrip("#!: "), count=1))
                for token in tokenize.generate_tokens(io.StringIO(text).readline)
                if token.type == tokenize.COMMENT
            )
        case _:
            yield from _comments(
                (number, found["text"])
                for number, line in enumerate(text.splitlines(), start=1)
                if (found := _CONFIGURATION_COMMENT.search(line))
            )


def _strings(tree: ast.Module) -> Iterator[Passage]:
    """Yield docstrings, messages and the names of tests."""
    read: set[ast.AST] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                    yield Passage(kind="test name", text=node.name, starts=[(0, node.lineno)])
                match node.body:
                    case [ast.Expr(value=ast.Constant(value=str()) as docstring), *_]:
                        read.add(docstring)
                        yield _passage(_kind(node), [_part(docstring)])
            case ast.JoinedStr():
                read.update(node.values)
                yield from _message([_part(value) for value in node.values])
            case ast.Constant(value=str()) if node not in read:
                yield from _message([_part(node)])


def _kind(node: Documented) -> Kind:
    """Return the kind of a docstring: properties and fixtures are nouns, and a test has its name as its verb."""
    if isinstance(node, ast.Module | ast.ClassDef) or node.name.startswith("test_"):
        return "docstring"
    decorators = " ".join(map(ast.unparse, node.decorator_list))
    return "docstring" if "property" in decorators or "fixture" in decorators else "function docstring"


def _part(value: ast.expr) -> Part:
    """Return the line and the text of a string, with a placeholder for an interpolated value."""
    if not isinstance(value, ast.Constant):
        return value.lineno, "{}"
    text = str(value.value)
    # A line break that is written as an escape does not begin a new line of the file.
    return value.lineno, text if value.end_lineno != value.lineno else text.replace("\n", " ")


def _message(parts: Sequence[Part]) -> Iterator[Passage]:
    message = _passage("message", parts)
    if len(_WORD.findall(message.text)) >= _WORDS_OF_A_MESSAGE and " " in message.text:
        yield message


def _comments(lines: Iterable[Part]) -> Iterator[Passage]:
    """Yield one passage for each block of consecutive lines: a sentence may continue on the next line."""
    block: list[Part] = []
    for number, text in lines:
        if block and number != block[-1][0] + 1:
            yield _passage("comment", block)
            block = []
        block.append((number, f"{text}\n"))
    if block:
        yield _passage("comment", block)


def _passage(kind: Kind, parts: Sequence[Part]) -> Passage:
    text = "".join(part for _, part in parts)
    for code in _CODE:
        text = code.sub(_blank, text)
    offsets = accumulate((len(part) for _, part in parts), initial=0)
    return Passage(
        kind=kind, text=text, starts=[(offset, line) for offset, (line, _) in zip(offsets, parts, strict=False)]
    )


def _blank(found: re.Match[str]) -> str:
    """Return a text of the same length and lines that no habit matches."""
    return re.sub(r"[^\n]", "\x00", found[0])
