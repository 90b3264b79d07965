"""Runs the demo: synthesize, deploy, send, account for every record, trigger the alarm, destroy."""

import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from demo.accounting import Account, Sent, account
from demo.alarm import trigger
from demo.errors import UnaccountedError
from demo.observer import Observer
from demo.report import DemoReport, Latency
from demo.steps import ShowProgress, Steps
from embedded_localstack import client_environment
from operations.generate import generate
from operations.input_file import read_jsonl
from operations.outgoing import Outgoing
from operations.send import Receipt, send
from terraform_harness import Deployment, EventuallyError, Run, deployed, eventually, synthesize
from terraform_harness.deployments.store import RunStore
from terraform_harness.signals import sigterm_as_interrupt
from terraform_harness.targets.localstack import localstack_target
from terraform_harness.terraform.binary import find_terraform
from terraform_harness.terraform.progress import Progress

STACK = "transaction-pipeline"
_DRAIN_SECONDS = 120.0
_SENT = 1_000
_BROKEN = 10
_REPEATS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """The options of `python -m demo`."""

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
        UnaccountedError: Records are missing; the report lists their number.
        HarnessError: A step failed; everything that was started has been stopped.
    """
    started = time.monotonic()
    steps = Steps(console)
    # A missing Terraform or an invalid input file is reported before LocalStack is started.
    find_terraform()
    outgoing = _outgoing(options)
    store = RunStore(options.project / ".runs")
    with ExitStack() as stack:
        stack.enter_context(sigterm_as_interrupt())
        run = stack.enter_context(store.temporary(suffix=options.suffix))
        with steps.step("synth", "Synthesize the stack with CDKTF"):
            configuration = _synthesized(options.project, run)
        with steps.step("localstack", "Start the embedded LocalStack"):
            target = stack.enter_context(localstack_target(run.folder, port=options.port))
        run = store.assign(run, target)
        with steps.step("apply", "Deploy with Terraform") as show:
            deployment = stack.enter_context(
                deployed(configuration, run, target, on_progress=_terraform_progress(show), keep=options.keep)
            )
        with steps.step("drain", f"Send {len(outgoing):,} transactions and account for each") as show:
            accounted, latency = _send_and_account(deployment, outgoing, show)
        with steps.step("alarm", "Trigger the error alarm and receive its notification"):
            alarm = trigger(deployment)
        if options.keep:
            store.hand_over(deployment.run, target.detach(None))
        else:
            with steps.step("destroy", "Destroy all resources and check for leftovers"):
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
        seconds={**steps.seconds, "total": round(time.monotonic() - started, 2)},
    )
    report.write(options.report)
    report.show(console)
    if options.keep:
        show_kept(run, deployment, console)
    if accounted.unaccounted:
        raise UnaccountedError(
            records=[str(record) for record in accounted.unaccounted],
            log_group=deployment.output("cloudwatch_log_group_name"),
        )
    return report


def show_kept(run: Run, deployment: Deployment, console: Console) -> None:
    """Print how to inspect the kept deployment, and how to destroy it."""
    table, bucket = deployment.output("dynamodb_table_name"), deployment.output("quarantine_bucket_name")
    logs = deployment.output("cloudwatch_log_group_name")
    lines = (
        "",
        f"LocalStack keeps running at {run.endpoint}. To inspect the deployment:",
        *(f"  export {name}={value}" for name, value in client_environment(str(run.endpoint)).items()),
        f"  .venv/bin/aws dynamodb scan --table-name {table} --max-items 3",
        f"  .venv/bin/aws s3 ls --recursive s3://{bucket}",
        f"  .venv/bin/aws logs filter-log-events --log-group-name {logs} --max-items 3",
        f"  tail -f {deployment.target.log_file}",
        "To destroy it:",
        f"  .venv/bin/terraform-harness destroy {run.run_id}",
    )
    for line in lines:
        console.print(line, highlight=False, soft_wrap=True)


def _outgoing(options: DemoOptions) -> Sequence[Outgoing]:
    """Return the records of the input file, or generated ones."""
    if options.input_file is not None:
        return read_jsonl(options.input_file)
    return generate(_SENT, broken=_BROKEN, repeats=_REPEATS, seed=options.seed)


def _synthesized(project: Path, run: Run) -> Path:
    """Synthesize with the settings of this run, and return the folder with the Terraform JSON."""
    environment = {
        "ENVIRONMENT_SUFFIX": run.suffix,
        "EPHEMERAL": "true",
        "RUN_ID": run.run_id,
        "EXPIRES_AT": run.expires_at,
    }
    return synthesize(project, environment).stack_folder(STACK)


def _terraform_progress(show: ShowProgress) -> Callable[[Progress], None]:
    return lambda progress: show(f"{progress.action} {progress.address}", progress.done, progress.total)


def _send_and_account(
    deployment: Deployment, outgoing: Sequence[Outgoing], show: ShowProgress
) -> tuple[Account, Latency]:
    """Send every record, and wait until each is accounted for or the timeout has expired."""
    observer = Observer(deployment)
    sent = _send(deployment, outgoing, show)

    def current() -> Account:
        found = account(sent, observer.observe())
        show("accounted for", len(sent) - len(found.unaccounted), len(sent))
        return found

    try:
        accounted = eventually(
            current,
            until=lambda found: not found.unaccounted,
            what="every record is accounted for",
            within=_DRAIN_SECONDS,
            describe=lambda found: f"{len(found.unaccounted)} unaccounted for",
            check=deployment.target.check,
        )
    except EventuallyError:
        # The demo continues with the alarm and the teardown; the missing records are an error at its end.
        accounted = current()
    put_at = {record.sequence_number: record.put_at for record in sent}
    items = observer.observe().ledger
    return accounted, Latency.of(
        [item.processed_at - put_at[number] * 1000 for number, item in items.items() if number in put_at]
    )


def _send(deployment: Deployment, outgoing: Sequence[Outgoing], show: ShowProgress) -> Sequence[Sent]:
    """Send every record; its time is the start of the call that sent it."""
    sent: list[Sent] = []
    call_started = time.time()

    def add(receipts: Sequence[Receipt[Outgoing]]) -> None:
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
        show("sent", len(sent), len(outgoing))

    stream = deployment.output("kinesis_stream_name")
    send(deployment.target.client("kinesis"), stream, outgoing, on_progress=add)
    return sent
