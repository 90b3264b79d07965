"""Takes the addresses of Terraform apart, such as `module.queue["a.b"].aws_sqs_queue.this[0]`."""

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
    """The address of one instance: its module instances from the outside in, its block there, and its index."""

    modules: tuple[str, ...]
    block: str
    index: str


def parsed(text: str) -> Address:
    """The parts of the address of an instance."""
    modules: list[str] = []
    rest = steps(text)
    while rest[:1] == ("module",):
        size = 3 if is_index("".join(rest[2:3])) else 2
        modules.append("".join(rest[1:size]))
        rest = rest[size:]
    index = "".join(step for step in rest if is_index(step))
    return Address(modules=tuple(modules), block=".".join(step for step in rest if not is_index(step)), index=index)


def steps(text: str) -> tuple[str, ...]:
    """The names and the indices of an address or a reference, in order."""
    return tuple(_ONE_STEP.findall(text))


def is_index(step: str) -> bool:
    """Whether a step is an index such as `[0]` or `["a"]`."""
    return step.startswith("[")


def index_of(key: str) -> str:
    """The index that a key of `for_each` makes, as Terraform quotes it."""
    quoted = json.dumps(key, ensure_ascii=False)
    return f"[{quoted.replace('${', '$${').replace('%{', '%%{')}]"


def without_index(address: str) -> str:
    """The address of the block from which an instance such as `aws_subnet.private["a"]` is made."""
    return _ONE_INDEX.sub("", address) if "[" in address else address


def prefix_of(modules: Sequence[str]) -> str:
    """What the addresses in a module instance begin with."""
    return "".join(f"module.{module}." for module in modules)


def block_size(reference: Sequence[str]) -> int:
    """How many steps of a reference name its block."""
    return _DATA_STEPS if reference[:1] == ("data",) else _DATA_STEPS - 1


def heads(references: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The steps of each reference in a plan, where Terraform lists `aws_a.b[0].c`, then `aws_a.b[0]` and `aws_a.b`."""
    head = previous = ""
    for text in references:
        is_part = previous.startswith((f"{text}.", f"{text}["))
        # After module.a["x"].b Terraform lists module.a["x"] and no more: module.a is a reference of its own.
        is_whole_module = text == f"module.{text.rpartition('.')[2]}" and previous.startswith(f"{text}[")
        if not is_part or (is_whole_module and previous != head):
            head = text
            yield steps(text)
        previous = text
