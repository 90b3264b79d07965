"""The main job in one go: synthesize, deploy, send, account for every record, ring the alarm, destroy."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from demo.accounting import Account, Sent, account
from demo.alarm import ring
from demo.errors import UnaccountedError
from demo.narrator import Narrator, Tell
from demo.observer import Observer
from demo.report import DemoReport, Latency
from embedded_localstack import client_environment
from embedded_localstack.server import log_of
from operations.generate import generate
from operations.input_file import read_jsonl
from operations.outgoing import Outgoing
from operations.send import Receipt, send
from terraform_harness.deployments.deployment import Deployment, deployed
from terraform_harness.deployments.run import Run, temporary_run
from terraform_harness.errors import EventuallyError
from terraform_harness.polling import eventually
from terraform_harness.signals import sigterm_as_interrupt
from terraform_harness.synthesis import synthesize
from terraform_harness.targets.target import LOCALSTACK, localstack_target
from terraform_harness.terraform.cli import Progress, find_terraform

STACK = "transaction-pipeline"
_DRAIN_SECONDS = 120.0
_SENT = 1_000
_BROKEN = 10
_REPEATS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What the user of `python -m demo` may choose."""

    project: Path
    report: Path
    suffix: str
    input_file: Path | None
    port: int | None
    keep: bool
    seed: int


def run_demo(options: DemoOptions, console: Console) -> DemoReport:
    """Run the demo, write the report and show it.

    Raises:
        UnaccountedError: Records are nowhere; the report is written before.
        HarnessError: A step failed; what was started is ended.
    """
    started = time.monotonic()
    narrator = Narrator(console)
    # What would stop the demo later on is better said before anything is started.
    find_terraform()
    outgoing = _outgoing(options)
    with ExitStack() as stack:
        stack.enter_context(sigterm_as_interrupt())
        run = stack.enter_context(temporary_run(options.project / ".runs", suffix=options.suffix))
        with narrator.step("synth", "Synthesize the stack with CDKTF"):
            configuration = _synthesized(options.project, run)
        with narrator.step("localstack", "Start LocalStack, with Lambda and DynamoDB, without Docker"):
            target = stack.enter_context(localstack_target(run.folder, port=options.port))
        run = run.at(target)
        with narrator.step("apply", "Deploy with Terraform") as tell:
            deployment = stack.enter_context(
                deployed(configuration, run, target, on_progress=_terraform_progress(tell), keep=options.keep)
            )
        with narrator.step("drain", f"Send {len(outgoing):,} transactions and find every one again") as tell:
            accounted, latency = _send_and_account(deployment, outgoing, tell)
        with narrator.step("alarm", "Make the function fail, and wait for the alarm and its message"):
            alarm = ring(deployment)
        if options.keep:
            deployment.run.kept_by(target.hand_over(None))
        else:
            with narrator.step("destroy", "Destroy everything, and look for what is left"):
                stack.close()
    report = DemoReport(
        sent=len(outgoing),
        stored=len(accounted.stored),
        duplicates=len(accounted.duplicates),
        rejected=len(accounted.rejected),
        conflicting=len(accounted.conflicting),
        dead_lettered=len(accounted.dead_lettered),
        lost=len(accounted.unaccounted),
        latency_ms=latency,
        alarm=alarm,
        seconds={**narrator.seconds, "total": round(time.monotonic() - started, 2)},
    )
    report.write(options.report)
    report.show(console)
    if options.keep:
        show_kept(run, deployment, console)
    if accounted.unaccounted:
        raise UnaccountedError(transaction_ids=[str(record) for record in accounted.unaccounted])
    return report


def show_kept(run: Run, deployment: Deployment, console: Console) -> None:
    """Say how to look at what was kept, and how to end it."""
    table, bucket = deployment.output("dynamodb_table_name"), deployment.output("quarantine_bucket_name")
    logs = deployment.output("cloudwatch_log_group_name")
    lines = (
        "",
        f"It is left running at {run.endpoint}. To look at it:",
        *(f"  export {name}={value}" for name, value in client_environment(str(run.endpoint)).items()),
        f"  .venv/bin/aws dynamodb scan --table-name {table} --max-items 3",
        f"  .venv/bin/aws s3 ls --recursive s3://{bucket}",
        f"  .venv/bin/aws logs filter-log-events --log-group-name {logs} --max-items 3",
        f"  tail -f {log_of(run.folder / LOCALSTACK)}",
        "To end it:",
        f"  .venv/bin/terraform-harness destroy {run.run_id}",
    )
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _outgoing(options: DemoOptions) -> Sequence[Outgoing]:
    """The records of the input file, or generated ones."""
    if options.input_file is not None:
        return read_jsonl(options.input_file)
    return generate(_SENT, broken=_BROKEN, repeats=_REPEATS, seed=options.seed)


def _synthesized(project: Path, run: Run) -> Path:
    """The folder with this run's Terraform JSON."""
    environment = {
        "ENVIRONMENT_SUFFIX": run.suffix,
        "RUN_ID": run.run_id,
        "EXPIRES_AT": run.expires_at,
    }
    return synthesize(project, environment).stack_folder(STACK)


def _terraform_progress(tell: Tell) -> Callable[[Progress], None]:
    return lambda progress: tell(f"{progress.action} {progress.address}", progress.done, progress.total)


def _send_and_account(deployment: Deployment, outgoing: Sequence[Outgoing], tell: Tell) -> tuple[Account, Latency]:
    """Put every record on the stream, and wait until each is where it belongs or the time is over."""
    observer = Observer(deployment)
    sent = _send(deployment, outgoing, tell)

    def look() -> Account:
        seen = account(sent, observer.look())
        tell("accounted for", len(sent) - len(seen.unaccounted), len(sent))
        return seen

    try:
        accounted = eventually(
            look,
            until=lambda seen: not seen.unaccounted,
            what="every record is accounted for",
            within=_DRAIN_SECONDS,
            describe=lambda seen: f"{len(seen.unaccounted)} unaccounted for",
            check=deployment.target.check,
        )
    except EventuallyError:
        # The report says which ones; the demo goes on, for the alarm and the destroy.
        accounted = look()
    put_at = {record.sequence_number: record.put_at for record in sent}
    items = observer.look().ledger
    return accounted, Latency.of(
        [item.processed_at - put_at[number] * 1000 for number, item in items.items() if number in put_at]
    )


def _send(deployment: Deployment, outgoing: Sequence[Outgoing], tell: Tell) -> Sequence[Sent]:
    """Put every record on the stream; a record's time is the start of the call that took it."""
    sent: list[Sent] = []
    call_started = time.time()

    def taken(receipts: Sequence[Receipt[Outgoing]]) -> None:
        nonlocal call_started
        sent.extend(
            Sent(
                transaction_id=receipt.record.transaction_id,
                sequence_number=receipt.sequence_number,
                put_at=call_started,
            )
            for receipt in receipts
        )
        call_started = time.time()
        tell("put on the stream", len(sent), len(outgoing))

    stream = deployment.output("kinesis_stream_name")
    send(deployment.target.client("kinesis"), stream, outgoing, on_progress=taken)
    return sent
