"""The command line: `terraform-harness`."""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from embedded_localstack import LocalStackError
from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.run import load_run
from terraform_harness.deployments.sweep_command import Found, sweep_embedded, sweep_target
from terraform_harness.errors import EndpointMissingError, HarnessError, LeftoverError
from terraform_harness.targets.aws import aws_target
from terraform_harness.targets.target import Target, TargetName, reached_target

_INTERRUPTED = 130

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Tear down runs, and delete what expired runs have left."""


@app.command()
def destroy(run_id: Annotated[str, typer.Argument(help="A folder of .runs/.")]) -> None:
    """End what a run has left: its stack, its LocalStack and its folder."""
    console = Console(highlight=False, soft_wrap=True)
    with _plain_errors():
        run = load_run(_runs(), run_id)
        destroy_run(
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
            raise LeftoverError(resources=found.staying, command=f"terraform-harness sweep{options} --yes")
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
    except (HarnessError, LocalStackError) as error:
        _say(f"Error: {error}", error, otherwise=())
        raise typer.Exit(1) from None
    except KeyboardInterrupt as interrupt:
        _say("Interrupted.", interrupt, otherwise=["Everything that was started is ended."])
        raise typer.Exit(_INTERRUPTED) from None


def _say(sentence: str, error: BaseException, *, otherwise: Sequence[str]) -> None:
    """Write the sentence, and what else went wrong while things were being ended."""
    sys.stderr.write("\n".join([sentence, *getattr(error, "__notes__", otherwise)]) + "\n")


def run() -> None:
    """Start the command line; the same whether by its name or by `python -m terraform_harness`."""
    app(prog_name="terraform-harness")


if __name__ == "__main__":
    run()
