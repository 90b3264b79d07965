"""The command line `terraform-harness`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from terraform_harness.deployments.destroy import destroy_run
from terraform_harness.deployments.errors import LeftoverError
from terraform_harness.deployments.store import RunStore
from terraform_harness.deployments.sweep_command import Totals, sweep_embedded, sweep_target
from terraform_harness.targets.aws import aws_target
from terraform_harness.targets.clients import TargetName
from terraform_harness.targets.embedded import reportable_errors
from terraform_harness.targets.errors import EndpointMissingError
from terraform_harness.targets.localstack import reached_target
from terraform_harness.targets.target import Target

_INTERRUPTED = 130

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def main() -> None:
    """Tear down runs, and delete the resources of expired runs."""


@app.command()
def destroy(run_id: Annotated[str, typer.Argument(help="A folder of .runs/.")]) -> None:
    """Destroy the resources of a run, its LocalStack and its folder."""
    console = Console(highlight=False, soft_wrap=True)
    with _errors_in_one_message():
        destroy_run(
            _store().load(run_id),
            on_progress=lambda progress: console.print(f"{progress.action} {progress.address}"),
            on_warning=lambda message: console.print(f"Warning: {message}"),
        )
    console.print(f"Run {run_id} is destroyed. No resources remain.")


@app.command("sweep")
def sweep_command(
    *,
    target_name: Annotated[
        TargetName | None,
        typer.Option("--target", help="Sweep only AWS, or only the LocalStack at AWS_ENDPOINT_URL."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Delete what is listed.")] = False,
) -> None:
    """List the leftover resources of expired runs; with --yes, delete them.

    Without --target, it sweeps the embedded LocalStacks of this project and the LocalStack at AWS_ENDPOINT_URL, if that
    is set. The tags RunId and ExpiresAt identify the runs of other machines.
    """
    console, store, totals = Console(highlight=False, soft_wrap=True), _store(), Totals()
    with _errors_in_one_message():
        if target_name is None:
            sweep_embedded(store, console, totals, yes=yes)
        if target_name is not None or "AWS_ENDPOINT_URL" in os.environ:
            with _reached(target_name or "localstack") as target:
                sweep_target(store, target, console, totals, yes=yes)
        if totals.undeleted:
            options = "" if target_name is None else f" --target {target_name}"
            raise LeftoverError(resources=totals.undeleted, command=f"terraform-harness sweep{options} --yes")
        console.print(totals.summary(yes=yes))


def _store() -> RunStore:
    """Return the runs of the project: the nearest `.runs` from the working folder upwards."""
    here = Path.cwd()
    found = (folder / ".runs" for folder in (here, *here.parents) if (folder / ".runs").is_dir())
    return RunStore(next(found, here / ".runs"))


@contextmanager
def _reached(target_name: TargetName) -> Iterator[Target]:
    """Return the target of a sweep: AWS, or the LocalStack at AWS_ENDPOINT_URL."""
    if target_name == "aws":
        yield aws_target(os.environ)
        return
    if "AWS_ENDPOINT_URL" not in os.environ:
        raise EndpointMissingError
    with reached_target(os.environ["AWS_ENDPOINT_URL"]) as target:
        yield target


@contextmanager
def _errors_in_one_message() -> Iterator[None]:
    """Print an error without a traceback, and exit."""
    try:
        yield
    except reportable_errors() as error:
        _print(f"Error: {error}", *getattr(error, "__notes__", ()))
        raise typer.Exit(1) from None
    except KeyboardInterrupt as interrupt:
        _print("Interrupted.", *getattr(interrupt, "__notes__", ["Everything that was started is stopped."]))
        raise typer.Exit(_INTERRUPTED) from None


def _print(*lines: str) -> None:
    sys.stderr.write("\n".join(lines) + "\n")


def run() -> None:
    """Start the command line, with the same name for `python -m terraform_harness`."""
    app(prog_name="terraform-harness")


if __name__ == "__main__":
    run()
