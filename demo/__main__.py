"""The command line of the demo: `python -m demo`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo.errors import DemoError
from demo.run import DemoOptions, run_demo
from embedded_localstack import LocalStackError
from operations.errors import OperationsError
from terraform_harness import HarnessError

_PROJECT = Path(__file__).parent.parent
_INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(  # noqa: PLR0913 - one argument an option
    *,
    input_file: Annotated[
        Path | None,
        typer.Option(
            "--input", help="Send the transactions of this file, one on each line, instead of generated ones."
        ),
    ] = None,
    suffix: Annotated[str, typer.Option(help="Environment suffix: 1 to 20 of a-z, 0-9 and -.")] = "demo",
    port: Annotated[int | None, typer.Option(help="Port for LocalStack. [default: a free port]")] = None,
    keep: Annotated[
        bool, typer.Option("--keep", help="Keep LocalStack and the deployment, and print how to inspect them.")
    ] = False,
    seed: Annotated[int, typer.Option(help="Seed of the generated transactions.")] = 1,
    report: Annotated[Path, typer.Option(help="File for the report.")] = _PROJECT / "reports" / "demo.json",
) -> None:
    """Deploy to an embedded LocalStack, send 1,000 transactions, account for each, trigger the alarm, destroy."""
    options = DemoOptions(
        project=_PROJECT, report=report, suffix=suffix, input_file=input_file, port=port, keep=keep, seed=seed
    )
    try:
        run_demo(options, Console(highlight=False))
    except (DemoError, HarnessError, LocalStackError, OperationsError) as error:
        sys.stderr.write("\n".join([f"Error: {error}", *getattr(error, "__notes__", ())]) + "\n")
        raise typer.Exit(1) from None
    except KeyboardInterrupt as interrupt:
        notes = getattr(interrupt, "__notes__", ["Everything that was started is stopped."])
        sys.stderr.write("\n".join(["Interrupted.", *notes]) + "\n")
        raise typer.Exit(_INTERRUPTED) from None


if __name__ == "__main__":
    app(prog_name="python -m demo")
