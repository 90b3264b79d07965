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
from harness.inventory import left_of
from harness.leftovers import dead_runs
from harness.localstack import LocalStackError
from harness.runs import Run, load_run
from harness.sweep import sweep
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
    console = Console(highlight=False)
    with _plain_errors():
        run = load_run(_runs(), run_id)
        end_run(run, lambda progress: console.print(f"{progress.action} {progress.address}"))
    console.print(f"Nothing of run {run_id} is left.")


@app.command("sweep")
def sweep_command(
    *,
    target_name: Annotated[TargetName, typer.Option("--target", help="Where to look.")] = "localstack",
    yes: Annotated[bool, typer.Option("--yes", help="Delete what is found, too.")] = False,
) -> None:
    """Find what dead runs have left, by their tags RunId and ExpiresAt, and delete it."""
    console = Console(highlight=False, soft_wrap=True)
    with _plain_errors(), _reached(target_name) as target:
        found = [(run, left_of(run, target)) for run in dead_runs(_runs(), target)]
        staying: list[str] = []
        for run, resources in found:
            console.print(f"Run {run.run_id}, which could stay until {run.expires_at}:")
            for resource in resources:
                console.print(f"  {resource}")
            if yes:
                staying.extend(_swept(run, target))
        if staying:
            raise LeftoverError(resources=staying, command=f"python -m harness sweep --target {target_name} --yes")
        count = sum(len(resources) for _, resources in found)
        if not yes and count:
            console.print(f"{count} resources would be deleted: say --yes to do it.")
        else:
            console.print(f"{count} resources were deleted." if count else "No dead run has left anything.")


def _swept(run: Run, target: Target) -> Sequence[str]:
    """Sweep one run; what stays of it must not keep the others from being swept."""
    try:
        sweep(run, target)
    except LeftoverError as error:
        return error.resources
    run.settle()
    return ()


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
