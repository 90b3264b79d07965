"""Parses Terraform addresses such as `module.queue["a.b"].aws_sqs_queue.this[0]`."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_INDEX = r'\["(?:[^"\\]|\\.)*"\]|\[[^\]"]*\]'
_ONE_INDEX = re.compile(_INDEX)
_ONE_STEP = re.compile(rf"{_INDEX}|[^.\[]+")
_DATA_STEPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """The address of one instance: its module instances from the outermost in, its block, and its index."""

    modules: tuple[str, ...]
    block: str
    index: str


def parsed(text: str) -> Address:
    """Return the parts of the address of an instance."""
    modules: list[str] = []
    rest = steps(text)
    while rest[:1] == ("module",):
        size = 3 if is_index("".join(rest[2:3])) else 2
        modules.append("".join(rest[1:size]))
        rest = rest[size:]
    index = "".join(step for step in rest if is_index(step))
    return Address(modules=tuple(modules), block=".".join(step for step in rest if not is_index(step)), index=index)


def steps(text: str) -> tuple[str, ...]:
    """Split an address or a reference into names and indices, in order."""
    return tuple(_ONE_STEP.findall(text))


def is_index(step: str) -> bool:
    """Return whether a step is an index such as `[0]` or `["a"]`."""
    return step.startswith("[")


def index_of(key: str) -> str:
    """Return the index for a key of `for_each`, quoted as Terraform does."""
    quoted = json.dumps(key, ensure_ascii=False)
    return f"[{quoted.replace('${', '$${').replace('%{', '%%{')}]"


def without_index(address: str) -> str:
    """Return the address of the block of an instance such as `aws_subnet.private["a"]`."""
    return _ONE_INDEX.sub("", address) if "[" in address else address


def prefix_of(modules: Sequence[str]) -> str:
    """Return the prefix of all addresses in a module instance."""
    return "".join(f"module.{module}." for module in modules)


def block_size(reference: Sequence[str]) -> int:
    """Return the number of steps at the start of a reference that name its block."""
    return _DATA_STEPS if reference[0] == "data" else _DATA_STEPS - 1


def heads(references: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Yield the steps of each reference in a plan, which lists `aws_a.b[0].c`, then `aws_a.b[0]` and `aws_a.b`."""
    head = previous = ""
    for text in references:
        is_part = previous.startswith((f"{text}.", f"{text}["))
        # After module.a["x"].b Terraform lists only module.a["x"], so module.a is another reference.
        is_whole_module = text == f"module.{text.rpartition('.')[2]}" and previous.startswith(f"{text}[")
        if not is_part or (is_whole_module and previous != head):
            head = text
            yield steps(text)
        previous = text
