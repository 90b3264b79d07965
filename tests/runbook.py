"""The commands of the AWS CLI in docs/runbook.md, and how to run them with boto3.

The CLI takes its operations and options from the service models of botocore. This module uses the same models.
"""

import re
import shlex
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import jmespath  # type: ignore[import-untyped]
from botocore import xform_name
from botocore.session import Session

RUNBOOK = Path(__file__).parents[1] / "docs" / "runbook.md"
# Options of the CLI itself, each with a value.
_GLOBAL_OPTIONS = ("--output", "--query", "--region")
# Commands of the CLI with another name than their service in botocore.
_SERVICES = {"s3api": "s3"}

_models = Session()


@dataclass(frozen=True, slots=True, kw_only=True)
class AwsCommand:
    """A command with the arguments of its operation, and the JMESPath expression of its option --query."""

    service: str
    operation: str
    arguments: Mapping[str, str | bool]
    query: str | None

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a command.

        Raises:
            ValueError: The CLI does not have the operation or one of the options.
        """
        _, command, name, *words = shlex.split(text)
        service = _SERVICES.get(command, command)
        model = _models.get_service_model(service)
        operation = {xform_name(each, "-"): each for each in model.operation_names}.get(name)
        if operation is None:
            message = f"The AWS CLI has no command {command} {name}."
            raise ValueError(message)
        shape = model.operation_model(operation).input_shape
        members = {f"--{xform_name(member, '-')}": member for member in (shape.members if shape else ())}
        arguments: dict[str, str | bool] = {}
        query = None
        for option, value in _options(words):
            if option == "--query":
                query = str(value)
            elif option in members:
                arguments[members[option]] = value
            elif (positive := option.replace("--no-", "--", 1)) in members:
                arguments[members[positive]] = False
            elif option not in _GLOBAL_OPTIONS:
                message = f"The command {command} {name} of the AWS CLI has no option {option}."
                raise ValueError(message)
        return cls(service=service, operation=xform_name(operation), arguments=arguments, query=query)

    def run(self, client: Callable[[str], Any]) -> Any:  # noqa: ANN401 - answers have any type
        """Call the operation, and return its answer or the queried part of it."""
        answer = getattr(client(self.service), self.operation)(**self.arguments)
        return answer if self.query is None else jmespath.search(self.query, answer)


def _options(words: Sequence[str]) -> Iterator[tuple[str, str | bool]]:
    for position, word in enumerate(words):
        if word.startswith("--"):
            following = words[position + 1 : position + 2]
            yield word, True if not following or following[0].startswith("--") else following[0]


def all_commands() -> list[str]:
    """Return every command of the runbook, from its code blocks and its sentences."""
    text = RUNBOOK.read_text()
    inline = [" ".join(found.split()) for found in re.findall(r"(?<!`)`(aws [^`]+)`", text)]
    return [*_commands_in(re.findall(r"^```\w*\n(.*?)^```", text, re.DOTALL | re.MULTILINE)), *inline]


def commands(section: str, values: Mapping[str, str]) -> list[str]:
    """Return the commands in the code blocks of a section, with values in place of <names>."""
    return _commands_in(code_blocks(f"## {section}", values))


def code_blocks(section: str, values: Mapping[str, str]) -> list[str]:
    """Return the code blocks of a section or subsection, with values in place of <names>."""
    marks, _, _ = section.partition(" ")
    pattern = rf"^{re.escape(section)}\n(.*?)(?=^#{{2,{len(marks)}}} |\Z)"
    (text,) = re.findall(pattern, RUNBOOK.read_text(), re.DOTALL | re.MULTILINE)
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [re.sub(r"<(\w+)>", lambda name: values.get(name[1], name[0]), block) for block in blocks]


def _commands_in(blocks: Sequence[str]) -> list[str]:
    lines = [line for block in blocks for line in block.replace("\\\n", " ").splitlines()]
    return [line for line in lines if line.startswith("aws ")]
