"""The capacity that a rate of records needs."""

import json
from collections.abc import Mapping

import pytest

from lambda_src.transaction_processor.attributes import item_size
from lambda_src.transaction_processor.item import ledger_item
from lambda_src.transaction_processor.transaction import parse
from modules.settings import Settings
from operations import capacity
from operations.capacity import RATES


@pytest.mark.parametrize(
    ("rate", "shards", "units"), [(1_000, 2, 1_429), (10_000, 15, 14_286), (700, 1, 1_000), (701, 2, 1_002)]
)
def test_shards_and_units_are_used_at_70_percent(rate: int, shards: int, units: int) -> None:
    assert (capacity.shards(rate), capacity.write_units(rate)) == (shards, units)


def test_full_shards_take_1000_records_each() -> None:
    assert [capacity.shards(rate, percent=100) for rate in RATES] == [1, 10, 100, 1_000]


def test_invocation_with_a_full_batch_takes_550_ms() -> None:
    assert capacity.invocation_seconds(500) == pytest.approx(0.55)


def test_average_concurrency_is_the_rate_times_the_run_time() -> None:
    # 20 invocations a second of 0.55 s.
    assert capacity.running(10_000) == pytest.approx(11)


def test_maximum_concurrency_is_two_for_each_shard() -> None:
    # A full shard has two batches a second of 0.55 s: one at a time is not enough.
    assert [capacity.concurrency(rate) for rate in RATES] == [4, 30, 286, 2_858]


def test_connections_are_spread_over_three_interfaces() -> None:
    # 2,858 environments with 40 connections each.
    assert capacity.connections(1_000_000) == 38_107


def test_partition_takes_1000_writes_a_second() -> None:
    assert [capacity.partitions(rate) for rate in (1_000, 1_001)] == [1, 2]


def test_megabytes_of_records_of_1_kb() -> None:
    assert capacity.megabytes(100_000) == 98


@pytest.mark.parametrize(
    ("rate", "requests"),
    [
        (10_000, {}),
        (28_000, {}),
        (28_001, {"writes to a table": 40_002}),
        (100_000, {"writes to a table": 142_858}),
        (
            1_000_000,
            {"on-demand stream": 977, "concurrency of an account": 2_958, "writes to a table": 1_428_572},
        ),
    ],
)
def test_quotas_above_the_default_are_requested(rate: int, requests: Mapping[str, int]) -> None:
    assert capacity.quota_requests(rate) == requests


def test_settings_for_100000_records_a_second() -> None:
    assert {**capacity.settings(100_000), **capacity.provisioned_ledger(100_000)} == {
        "STREAM_MODE": "provisioned",
        "SHARD_COUNT": "143",
        "PARALLELIZATION_FACTOR": "2",
        "RESERVED_CONCURRENCY": "286",
        "LEDGER_MODE": "provisioned",
        "MIN_WRITE_UNITS": "142858",
        "MAX_WRITE_UNITS": "259741",
    }


def test_million_records_need_an_on_demand_stream() -> None:
    assert capacity.settings(1_000_000) == {"STREAM_MODE": "on-demand", "PARALLELIZATION_FACTOR": "2"}


def test_million_records_exceed_a_provisioned_ledger() -> None:
    assert capacity.provisioned_ledger(1_000_000) == {}


@pytest.mark.parametrize("rate", RATES)
def test_settings_of_each_rate_are_valid(rate: int, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = {**capacity.settings(rate), **capacity.provisioned_ledger(rate)}
    for name, value in {"EPHEMERAL": "true", **expected}.items():
        monkeypatch.setenv(name, value)

    settings = Settings()

    assert {name: str(getattr(settings, name.lower())) for name in expected} == expected


def test_backlog_of_30_minutes_takes_19_minutes() -> None:
    # A shard gets 700 records/s, and two invocations process 2 x 500 in 0.55 s: 1,818/s. 30 x 700 / 1,118 minutes.
    assert capacity.catch_up_minutes(30) == pytest.approx(18.78, abs=0.01)
    assert capacity.catch_up_ratio() == pytest.approx(2.597, abs=0.001)


@pytest.mark.parametrize(("before", "after", "changes"), [(2, 4, 1), (2, 5, 2), (2, 143, 7)])
def test_change_at_most_doubles_the_shards(before: int, after: int, changes: int) -> None:
    assert capacity.doublings(before, after) == changes


def test_limits_of_one_pipeline() -> None:
    assert capacity.rate_of_shards(200) == 140_000
    assert capacity.rate_of_pipeline() == 28_000
    assert capacity.pipelines(1_000_000) == 36


def test_record_of_850_bytes_has_an_item_of_1_kb() -> None:
    fields = {
        "transactionId": "t" * 36,
        "customerId": "c" * 36,
        "amount": "1234567.89",
        "currency": "EUR",
        "timestamp": 1_795_595_941_533,
        "memo": "",
    }
    room = capacity.RECORD_BYTES - len(json.dumps(fields, separators=(",", ":")))
    record = json.dumps(fields | {"memo": "x" * room}, separators=(",", ":")).encode()

    item = ledger_item(parse(record), sequence_number="4" * 56, processed_at=1_795_595_941_533)

    assert item_size(item) <= 1024
