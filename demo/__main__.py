"""The demo on the command line: `python -m demo`."""

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from demo.run import DemoOptions, run_demo
from embedded_localstack import LocalStackError
from operations.errors import OperationsError
from terraform_harness.errors import HarnessError

_PROJECT = Path(__file__).parent.parent
_INTERRUPTED = 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def demo(  # noqa: PLR0913 - one argument an option
    *,
    input_file: Annotated[
        Path | None, typer.Option("--input", help="Send this file's transactions, one JSON object a line.")
    ] = None,
    suffix: Annotated[str, typer.Option(help="Environment suffix: 1-20 of a-z 0-9 -.")] = "demo",
    port: Annotated[int | None, typer.Option(help="Port for LocalStack; by default a free one.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Leave it running, and say how to look at it.")] = False,
    seed: Annotated[int, typer.Option(help="Chooses the generated transactions.")] = 1,
    report: Annotated[Path, typer.Option(help="Where the report goes.")] = _PROJECT / "reports" / "demo.json",
) -> None:
    """Deploy to an embedded LocalStack, send 1,000 transactions, ring the alarm, destroy, account for every record."""
    options = DemoOptions(
        project=_PROJECT, report=report, suffix=suffix, input_file=input_file, port=port, keep=keep, seed=seed
    )
    try:
        run_demo(options, Console(highlight=False))
    except (HarnessError, LocalStackError, OperationsError) as error:
        sys.stderr.write("\n".join([f"Error: {error}", *getattr(error, "__notes__", ())]) + "\n")
        raise typer.Exit(1) from None
    except KeyboardInterrupt as interrupt:
        notes = getattr(interrupt, "__notes__", ["Everything that was started is ended."])
        sys.stderr.write("\n".join(["Interrupted.", *notes]) + "\n")
        raise typer.Exit(_INTERRUPTED) from None


if __name__ == "__main__":
    app(prog_name="python -m demo")
