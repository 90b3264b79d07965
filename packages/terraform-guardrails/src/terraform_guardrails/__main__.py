"""The command line: `terraform-guardrails PATH...`."""

import sys
from enum import StrEnum
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
_COLOURS = {"error": "bold red", "warning": "yellow", "suppressed": "dim"}


class OutputFormat(StrEnum):
    """How the report is printed."""

    TEXT = "text"
    JSON = "json"


class LifetimeChoice(StrEnum):
    """Whether what is deployed will be destroyed soon, or must never be."""

    EPHEMERAL = "ephemeral"
    PRODUCTION = "production"


@app.command()
def main(
    paths: Annotated[
        list[Path],
        typer.Argument(metavar="PATH...", help="A *.tf.json file, a folder, or 'terraform show -json' output."),
    ],
    output_format: Annotated[
        OutputFormat, typer.Option("--format", help="How to print the report.")
    ] = OutputFormat.TEXT,
    lifetime: Annotated[LifetimeChoice | None, typer.Option(help="What the stacks are set to be.")] = None,
    suppress: Annotated[
        list[str] | None, typer.Option(metavar="'RULE@ADDRESS: REASON'", help="Accept a finding; may be repeated.")
    ] = None,
) -> None:
    """Find what will not deploy, or will not work, in Terraform JSON.

    Exits with 0 without errors, 1 with at least one, and 2 where the input cannot be read.
    """
    try:
        suppressions = [Suppression.parsed(text) for text in suppress or []]
        report = check(paths, suppressions, lifetime=lifetime.value if lifetime else None)
    except GuardrailsError as error:
        print(error, file=sys.stderr)  # noqa: T201 - the one line that the user gets
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
    """Start the command line; the same whether by its name or by `python -m terraform_guardrails`."""
    app(prog_name="terraform-guardrails")


if __name__ == "__main__":
    run()
