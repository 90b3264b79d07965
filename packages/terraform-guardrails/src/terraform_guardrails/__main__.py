"""The command line: `terraform-guardrails PATH...`."""

import sys
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from terraform_guardrails.checking import check
from terraform_guardrails.errors import GuardrailsError
from terraform_guardrails.report import Report
from terraform_guardrails.suppression import Suppression

app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)

FINDINGS, UNREADABLE = 1, 2
_NAME = "terraform-guardrails"
_COLOURS = {"error": "bold red", "warning": "yellow", "suppressed": "dim"}


class OutputFormat(StrEnum):
    """The format of the report."""

    TEXT = "text"
    JSON = "json"


class LifetimeOption(StrEnum):
    """The lifetime of the stacks."""

    EPHEMERAL = "ephemeral"
    PRODUCTION = "production"


def print_version(value: bool | None) -> None:  # noqa: FBT001 - the signature that typer calls
    """Print the version and exit."""
    if value:
        print(_NAME, version(_NAME))  # noqa: T201 - the output
        raise typer.Exit


@app.command()
def main(
    paths: Annotated[
        list[Path],
        typer.Argument(
            metavar="PATH...",
            help="A *.tf.json file, a folder with such files, or a file with the output of 'terraform show -json'.",
        ),
    ],
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="The format of the report.")
    ] = OutputFormat.TEXT,
    lifetime: Annotated[
        LifetimeOption | None,
        typer.Option(help="The lifetime of the stacks. Without it, the default tag Ephemeral decides."),
    ] = None,
    suppress: Annotated[
        list[str] | None,
        typer.Option(metavar="'RULE@ADDRESS: REASON'", help="Suppress a finding. Can be repeated."),
    ] = None,
    _: Annotated[
        bool | None,
        typer.Option("--version", callback=print_version, is_eager=True, help="Print the version and exit."),
    ] = None,
) -> None:
    """Find errors in Terraform JSON and plans for AWS before you deploy them.

    Exit codes: 0 without errors, 1 with at least one error, 2 if the input cannot be read.
    """
    try:
        suppressions = [Suppression.parsed(text) for text in suppress or []]
        report = check(paths, suppressions, lifetime=lifetime.value if lifetime else None)
    except GuardrailsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the error message
        raise typer.Exit(UNREADABLE) from error
    if output_format is OutputFormat.JSON:
        print(report.to_json())  # noqa: T201 - the output
    else:
        show(report)
    if report.errors:
        raise typer.Exit(FINDINGS)


def show(report: Report) -> None:
    """Print the report, in colour on a terminal."""
    console = Console(soft_wrap=True, highlight=False)
    for line in report.to_text().splitlines():
        console.print(Text(line, style=_COLOURS.get(line.partition(" ")[0], "")))


def run() -> None:
    """Run the command line under one program name, also as `python -m terraform_guardrails`."""
    app(prog_name=_NAME)


if __name__ == "__main__":
    run()
