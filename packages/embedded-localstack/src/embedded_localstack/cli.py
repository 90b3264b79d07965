"""The command `embedded-localstack`: runs LocalStack in the foreground, and installs its npm packages."""

import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from embedded_localstack.errors import LocalStackError
from embedded_localstack.npm_packages import PACKAGES, install_packages
from embedded_localstack.server import LocalStack

_SECONDS_BETWEEN_CHECKS = 0.5
_EXPORTED = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_REGION", "AWS_DEFAULT_REGION")

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False, rich_markup_mode=None)


def run() -> None:
    """Run the command; an error is one message and exit code 1."""
    try:
        app(prog_name="embedded-localstack")
    except LocalStackError as error:
        typer.echo(f"Error: {error}", err=True)
        sys.exit(1)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  (the signature of a typer callback)
    if wanted:
        typer.echo(f"embedded-localstack {version('embedded-localstack')} (LocalStack {version('localstack-core')})")
        raise typer.Exit


@app.callback()
def main(
    *,
    _: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the versions and exit.")
    ] = False,
) -> None:
    """Run the real LocalStack without Docker and without a token."""


@app.command()
def start(
    *,
    port: Annotated[int | None, typer.Option(help="The port on 127.0.0.1. [default: a free port]")] = None,
    services: Annotated[
        str, typer.Option(help="Services that must respond before the endpoint is printed: dynamodb,lambda")
    ] = "",
    directory: Annotated[
        Path | None, typer.Option(help="The folder of the logs. [default: a temporary folder, removed at the end]")
    ] = None,
) -> None:
    """Run LocalStack until Ctrl-C or SIGTERM."""
    with _keyboard_interrupt_on_signals(), _run_directory(directory) as folder:
        typer.echo(f"Starting LocalStack {version('localstack-core')} ...")
        with suppress(KeyboardInterrupt), LocalStack(folder, port=port, services=service_names(services)) as localstack:
            _serve(localstack)
        typer.echo("LocalStack stopped.")


@app.command()
def install() -> None:
    """Install the npm packages of DynamoDB and Kinesis into the user's cache folder."""
    typer.echo(f"Installing {' and '.join(PACKAGES)} ...")
    typer.echo(f"Installed in {install_packages()}")


def service_names(text: str) -> Sequence[str]:
    """Return the names in a comma-separated list."""
    return [name.strip() for name in text.split(",") if name.strip()]


def _serve(localstack: LocalStack) -> NoReturn:
    """Print how to use LocalStack, and wait until it stops unexpectedly."""
    typer.echo(f"LocalStack is ready at {localstack.endpoint_url}. To use it in another terminal:")
    for name in _EXPORTED:
        typer.echo(f"  export {name}={localstack.environment[name]}")
    typer.echo(f"Log: {localstack.log_file}")
    typer.echo("Press Ctrl-C to stop.")
    while True:
        localstack.check()
        time.sleep(_SECONDS_BETWEEN_CHECKS)


@contextmanager
def _run_directory(directory: Path | None) -> Iterator[Path]:
    """Yield a folder; remove a temporary one afterwards, but keep a log that an error refers to."""
    if directory is not None:
        yield directory
        return
    folder = Path(tempfile.mkdtemp(prefix="embedded-localstack-"))
    try:
        yield folder
    except LocalStackError:
        with suppress(OSError):
            folder.rmdir()
        raise
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _keyboard_interrupt_on_signals() -> Iterator[None]:
    """Raise KeyboardInterrupt on the first SIGINT or SIGTERM, and ignore further ones during the stop.

    A shell starts a background job with SIGINT ignored; this replaces that too.
    """

    def interrupt(*_: object) -> NoReturn:
        for number in before:
            signal.signal(number, signal.SIG_IGN)
        raise KeyboardInterrupt

    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
