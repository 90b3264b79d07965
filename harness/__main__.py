"""The harness on the command line: `python -m harness demo`."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.demo.run import DemoOptions, run_demo
from harness.deployment import end_run
from harness.errors import HarnessError
from harness.localstack import LocalStackError
from harness.runs import load_run
from operations.errors import OperationsError

_PROJECT = Path(__file__).parent.parent
_INTERRUPTED = 130

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Deploy the pipeline somewhere and prove that it works."""


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
    with _plain_errors():
        run_demo(options, Console(highlight=False))


@app.command()
def destroy(run_id: Annotated[str, typer.Argument(help="A folder of .runs/.")]) -> None:
    """End what a run has left: its stack, its LocalStack and its folder."""
    console = Console(highlight=False)
    with _plain_errors():
        run = load_run(_PROJECT / ".runs", run_id)
        end_run(run, lambda progress: console.print(f"{progress.action} {progress.address}"))
    console.print(f"Nothing of run {run_id} is left.")


@contextmanager
def _plain_errors() -> Iterator[None]:
    """Say what went wrong in one message instead of a traceback."""
    try:
        yield
    except (HarnessError, LocalStackError, OperationsError) as error:
        _say(f"Error: {error}", error, otherwise=())
        raise typer.Exit(1) from None
    except KeyboardInterrupt as interrupt:
        _say("Interrupted.", interrupt, otherwise=["Everything that was started is ended."])
        raise typer.Exit(_INTERRUPTED) from None


def _say(sentence: str, error: BaseException, *, otherwise: Sequence[str]) -> None:
    """Write the sentence, and what else went wrong while things were being ended."""
    sys.stderr.write("\n".join([sentence, *getattr(error, "__notes__", otherwise)]) + "\n")


if __name__ == "__main__":
    app(prog_name="python -m harness")
