"""The report of the demo, as JSON and as a table."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import quantiles

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """Percentiles of the milliseconds between sending a record and storing its item."""

    p50: float
    p95: float
    max: float

    @classmethod
    def of(cls, milliseconds: Sequence[float]) -> "Latency":
        """Return the percentiles of the samples, or zeros if there are fewer than two."""
        if len(milliseconds) < 2:  # noqa: PLR2004 - quantiles need two
            return cls(p50=0.0, p95=0.0, max=0.0)
        cuts = quantiles(milliseconds, n=20, method="inclusive")
        return cls(p50=round(cuts[9], 1), p95=round(cuts[18], 1), max=round(max(milliseconds), 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class AlarmReport:
    """The triggered alarm, and the seconds until its notification arrived."""

    name: str
    state: str
    seconds: float
    delivered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoReport:
    """The number of records by outcome, and the measured times."""

    sent: int
    stored: int
    duplicates: int
    rejected: int
    conflicting: int
    dead_lettered: int
    lost: int
    latency_ms: Latency
    alarm: AlarmReport
    seconds: dict[str, float]

    def write(self, path: Path) -> None:
        """Write the JSON atomically."""
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}")
        draft.write_text(json.dumps(asdict(self), indent=2) + "\n")
        draft.replace(path)

    def show(self, console: Console) -> None:
        """Print the summary."""
        table = Table(title="Where every record is", title_justify="left", min_width=56)
        table.add_column("Outcome")
        table.add_column("Records", justify="right")
        table.add_column("Where", style="dim")
        rows = (
            ("stored", self.stored, "DynamoDB ledger"),
            ("duplicates", self.duplicates, "already in the ledger, unchanged"),
            ("rejected", self.rejected, "quarantine bucket, with the reason"),
            ("conflicting", self.conflicting, "quarantine bucket, the ledger keeps the first"),
            ("dead-lettered", self.dead_lettered, "quarantine bucket, by the event source mapping"),
            ("lost", self.lost, "nowhere"),
        )
        for outcome, count, where in rows:
            table.add_row(outcome, f"{count:,}", where, style="bold red" if outcome == "lost" and count else None)
        table.add_section()
        table.add_row("sent", f"{self.sent:,}", "Kinesis stream", style="bold")
        console.print(table)
        latency, alarm = self.latency_ms, self.alarm
        took = "  ".join(f"{name} {seconds:.1f}" for name, seconds in self.seconds.items())
        delivered = "its message was delivered" if alarm.delivered else "its message was NOT delivered"
        lines = (
            f"Latency   p50 {latency.p50:,.0f} ms, p95 {latency.p95:,.0f} ms, max {latency.max:,.0f} ms",
            f"Alarm     {alarm.name} went to {alarm.state} after {alarm.seconds:.1f} s, {delivered}",
            f"Seconds   {took}",
        )
        for line in lines:
            console.print(line, highlight=False, soft_wrap=True)
