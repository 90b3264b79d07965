"""The operator's command line: `python -m operations`."""

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, overload

import boto3
import typer
from botocore.exceptions import BotoCoreError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from .errors import OperationsError, TargetError
from .input_file import read_jsonl
from .replay import PREFIXES, QuarantineBucket, replay
from .send import send

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_s3 import S3Client

app = typer.Typer(
    help="Send transactions to a pipeline, and put quarantined ones back on its stream.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

_Stream = Annotated[str, typer.Option("--stream", help="The stream's name: output kinesis_stream_name.")]


@app.command("send")
def send_command(
    file: Annotated[Path, typer.Argument(help="A file with one transaction on each line.")], stream: _Stream
) -> None:
    """Put each line of FILE on the stream, exactly as it stands."""
    outgoing = read_jsonl(file)
    with _progress() as progress:
        task = progress.add_task("Sending", total=len(outgoing))
        send(
            _client("kinesis"),
            stream,
            outgoing,
            on_progress=lambda taken: progress.advance(task, len(taken)),
        )
    typer.echo(f"Sent {len(outgoing)} records to {stream}.")


@app.command("replay")
def replay_command(
    bucket: Annotated[str, typer.Option(help="The quarantine bucket: output quarantine_bucket_name.")],
    stream: _Stream,
    prefix: Annotated[
        list[str] | None,
        typer.Option(help=f"Only objects below this prefix; may be repeated. [default: {' and '.join(PREFIXES)}]"),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only count what would be replayed.")] = False,
) -> None:
    """Put quarantined records back on the stream, whole; each goes once, and the ledger stores it at most once."""
    kinesis = _client("kinesis")
    with _progress() as progress:
        task = progress.add_task("Reading" if dry_run else "Replaying", total=None)
        replayed = replay(
            QuarantineBucket(client=_client("s3"), name=bucket),
            lambda records: send(kinesis, stream, records, on_progress=lambda _: None),
            prefixes=prefix or PREFIXES,
            dry_run=dry_run,
            on_progress=lambda so_far: progress.update(task, completed=so_far.records),
        )
    did = "Would replay" if dry_run else "Replayed"
    typer.echo(f"{did} {replayed.records} records of {replayed.objects} objects from {bucket} to {stream}.")
    for key in replayed.unknown:
        typer.echo(f"Left s3://{bucket}/{key} where it is: it holds no record of the pipeline.", err=True)
    if replayed.unknown:
        raise typer.Exit(1)


def _progress() -> Progress:
    """Return a progress bar that shows on a terminal only."""
    console = Console(stderr=True)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    )


@overload
def _client(service: Literal["kinesis"]) -> "KinesisClient": ...
@overload
def _client(service: Literal["s3"]) -> "S3Client": ...
def _client(service: Literal["kinesis", "s3"]) -> "KinesisClient | S3Client":
    try:
        # Terraform knows AWS_REGION, boto3 only AWS_DEFAULT_REGION: take either.
        return boto3.client(service, region_name=os.environ.get("AWS_REGION"))
    except BotoCoreError as error:
        raise TargetError(service=service, reason=str(error)) from error


def main() -> None:
    """Run a command; an error is one line on stderr and exit code 1."""
    try:
        app()
    except OperationsError as error:
        typer.echo(error, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
