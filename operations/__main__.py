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

from operations.errors import OperationsError, TargetError
from operations.input_file import read_jsonl
from operations.quarantine import QuarantineBucket
from operations.remedies import explain
from operations.replay import PREFIXES, replay
from operations.send import send

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_s3 import S3Client

app = typer.Typer(
    help="Send transactions to a pipeline, and replay quarantined records.",
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

_Stream = Annotated[str, typer.Option("--stream", help="Name of the stream: output kinesis_stream_name.")]


@app.command("send")
def send_command(
    file: Annotated[Path, typer.Argument(help="File with one transaction on each line.")], stream: _Stream
) -> None:
    """Send each line of FILE to the stream, unchanged."""
    outgoing = read_jsonl(file)
    with _progress() as progress:
        task = progress.add_task("Sending", total=len(outgoing))
        send(_client("kinesis"), stream, outgoing, on_progress=lambda receipts: progress.advance(task, len(receipts)))
    typer.echo(f"Sent {len(outgoing)} records to {stream}.")


@app.command("replay")
def replay_command(
    bucket: Annotated[str, typer.Option(help="Name of the quarantine bucket: output quarantine_bucket_name.")],
    stream: _Stream,
    prefix: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Replay only objects below this prefix; may be repeated. [default: {' and '.join(PREFIXES)}]"
        ),
    ] = None,
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count the records without replaying them.")] = False,
) -> None:
    """Put quarantined records back on the stream, unchanged, and delete their objects."""
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
    verb = "Would replay" if dry_run else "Replayed"
    typer.echo(f"{verb} {replayed.records} records of {replayed.objects} objects from {bucket} to {stream}.")
    for key in replayed.unknown:
        typer.echo(f"Skipped s3://{bucket}/{key}: the pipeline did not write it.", err=True)
    if replayed.unknown:
        raise typer.Exit(1)


def _progress() -> Progress:
    """Return a progress bar that is shown on a terminal only."""
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
        # boto3 itself reads AWS_DEFAULT_REGION but not AWS_REGION, which Terraform reads.
        return boto3.client(service, region_name=os.environ.get("AWS_REGION"))
    except BotoCoreError as error:
        reason, remedy = explain(error)
        raise TargetError(service=service, reason=reason, remedy=remedy) from error


def main() -> None:
    """Run a command; report an error as one line on stderr, with exit code 1."""
    try:
        app()
    except OperationsError as error:
        typer.echo(error, err=True)
        sys.exit(1)


if __name__ == "__main__":
    main()
