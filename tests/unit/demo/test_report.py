"""The report: the JSON has the fields of its contract, and the summary shows every outcome."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from demo.report import AlarmReport, DemoReport, Latency


@pytest.fixture
def report() -> DemoReport:
    return DemoReport(
        sent=1000,
        stored=970,
        duplicates=20,
        rejected=8,
        conflicting=2,
        dead_lettered=0,
        lost=0,
        latency_ms=Latency(p50=120.0, p95=300.5, max=410.0),
        alarm=AlarmReport(name="lambda-errors-demo", state="ALARM", seconds=31.2, delivered=True),
        seconds={"synth": 2.1, "total": 120.4},
    )


def test_json_has_the_fields_of_the_contract(report: DemoReport, tmp_path: Path) -> None:
    report.write(tmp_path / "reports" / "demo.json")

    assert json.loads((tmp_path / "reports" / "demo.json").read_text()) == {
        "sent": 1000,
        "stored": 970,
        "duplicates": 20,
        "rejected": 8,
        "conflicting": 2,
        "dead_lettered": 0,
        "lost": 0,
        "latency_ms": {"p50": 120.0, "p95": 300.5, "max": 410.0},
        "alarm": {"name": "lambda-errors-demo", "state": "ALARM", "seconds": 31.2, "delivered": True},
        "seconds": {"synth": 2.1, "total": 120.4},
    }


def test_draft_of_the_report_is_removed(report: DemoReport, tmp_path: Path) -> None:
    report.write(tmp_path / "demo.json")

    assert [path.name for path in tmp_path.iterdir()] == ["demo.json"]


def test_summary_shows_every_outcome(report: DemoReport) -> None:
    text = io.StringIO()

    report.show(Console(file=text, width=100))

    assert [line.rstrip() for line in text.getvalue().splitlines()] == [
        "Where every record is",
        "┏━━━━━━━━━━━━━━━┳━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┓",
        "┃ Outcome       ┃ Records ┃ Where                                          ┃",
        "┡━━━━━━━━━━━━━━━╇━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┩",
        "│ stored        │     970 │ DynamoDB ledger                                │",
        "│ duplicates    │      20 │ already in the ledger, unchanged               │",
        "│ rejected      │       8 │ quarantine bucket, with the reason             │",
        "│ conflicting   │       2 │ quarantine bucket, the ledger keeps the first  │",
        "│ dead-lettered │       0 │ quarantine bucket, by the event source mapping │",
        "│ lost          │       0 │ nowhere                                        │",
        "├───────────────┼─────────┼────────────────────────────────────────────────┤",
        "│ sent          │   1,000 │ Kinesis stream                                 │",
        "└───────────────┴─────────┴────────────────────────────────────────────────┘",
        "Latency   p50 120 ms, p95 300 ms, max 410 ms",
        "Alarm     lambda-errors-demo went to ALARM after 31.2 s, its message was delivered",
        "Seconds   synth 2.1  total 120.4",
    ]


def test_missing_notification_is_highlighted(report: DemoReport) -> None:
    text = io.StringIO()
    silent = replace(report, alarm=replace(report.alarm, delivered=False))

    silent.show(Console(file=text, width=100))

    assert "its message was NOT delivered" in text.getvalue()


def test_latency_has_percentiles_and_maximum() -> None:
    latency = Latency.of([float(value) for value in range(101)])

    assert latency == Latency(p50=50.0, p95=95.0, max=100.0)


def test_latency_of_one_sample_is_zero() -> None:
    assert Latency.of([7.0]) == Latency(p50=0.0, p95=0.0, max=0.0)
