"""The harness on the command line: `python -m harness demo`."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from harness.aws import aws_target
from harness.demo.run import DemoOptions, run_demo
from harness.ending import end_run
from harness.errors import EndpointMissingError, HarnessError, LeftoverError
from harness.localstack import LocalStackError
from harness.runs import load_run
from harness.sweep_command import Found, sweep_embedded, sweep_target
from harness.targets import Target, TargetName, reached_target
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
    console = Console(highlight=False, soft_wrap=True)
    with _plain_errors():
        run = load_run(_runs(), run_id)
        end_run(
            run,
            on_progress=lambda progress: console.print(f"{progress.action} {progress.address}"),
            on_warning=lambda message: console.print(f"Warning: {message}"),
        )
    console.print(f"Nothing of run {run_id} is left.")


@app.command("sweep")
def sweep_command(
    *,
    target_name: Annotated[
        TargetName | None,
        typer.Option("--target", help="Look at AWS, or at the LocalStack at AWS_ENDPOINT_URL, only."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete what is found, too.")] = False,
) -> None:
    """Find what dead runs have left, and delete it with --yes.

    Without --target, that is what the embedded LocalStacks of this project have left, and what the LocalStack at
    AWS_ENDPOINT_URL has, if that is set. Runs of other machines are found by their tags RunId and ExpiresAt.
    """
    console = Console(highlight=False, soft_wrap=True)
    with _plain_errors():
        found = sweep_embedded(_runs(), console, yes=yes) if target_name is None else Found()
        if target_name is not None or "AWS_ENDPOINT_URL" in os.environ:
            with _reached(target_name or "localstack") as target:
                found += sweep_target(_runs(), target, console, yes=yes)
        if found.staying:
            options = "" if target_name is None else f" --target {target_name}"
            raise LeftoverError(resources=found.staying, command=f"python -m harness sweep{options} --yes")
        console.print(found.summary(yes=yes))


def _runs() -> Path:
    """The folder of the project's runs: the nearest, from the working folder upwards."""
    here = Path.cwd()
    return next((folder / ".runs" for folder in (here, *here.parents) if (folder / ".runs").is_dir()), here / ".runs")


@contextmanager
def _reached(target_name: TargetName) -> Iterator[Target]:
    """The target of a sweep: AWS, or the LocalStack at AWS_ENDPOINT_URL."""
    if target_name == "aws":
        yield aws_target(os.environ)
        return
    if "AWS_ENDPOINT_URL" not in os.environ:
        raise EndpointMissingError
    with reached_target(os.environ["AWS_ENDPOINT_URL"]) as target:
        yield target


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
