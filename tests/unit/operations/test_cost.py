"""The costs of an environment, and the page that lists them."""

from collections.abc import Mapping

import pytest

from operations import cost
from operations.cost import Cost, Resources
from terraform_harness import Synthesis
from tools import cost_page


@pytest.fixture(scope="session")
def stacks(syntheses: Mapping[str, Synthesis]) -> Mapping[str, Resources]:
    return {combination: synthesis.terraform()["resource"] for combination, synthesis in syntheses.items()}


@pytest.mark.usefixtures("syntheses")
def test_page_is_current() -> None:
    assert cost_page.PAGE.read_text() == cost_page.render()


def test_fixed_costs_of_the_default_environment(stacks: Mapping[str, Resources]) -> None:
    assert rounded(cost.fixed(stacks["default"])) == [
        Cost(what="interface endpoints", dollars=87.6),
        Cost(what="shards", dollars=21.9),
        Cost(what="alarms", dollars=1.7),
        Cost(what="composite alarm", dollars=0.5),
        Cost(what="custom metrics", dollars=1.2),
        Cost(what="dashboard", dollars=3.0),
        Cost(what="key", dollars=1.0),
    ]


def test_costs_of_a_million_transactions(stacks: Mapping[str, Resources]) -> None:
    assert rounded(cost.for_a_million(stacks["default"])) == [
        Cost(what="stream", dollars=0.014),
        Cost(what="function, requests", dollars=0.0),
        Cost(what="function, time", dollars=0.015),
        Cost(what="writes to ledger and index", dollars=1.25),
        Cost(what="logs", dollars=0.002),
        Cost(what="kept for a month, recoverable", dollars=0.668),
    ]


@pytest.mark.parametrize(
    ("combination", "what", "dollars"),
    [
        ("minimal cost", "shards", 10.95),
        ("on-demand stream", "on-demand stream", 29.2),
        # 100 write units and 20 read units, for the table and for its index.
        ("provisioned ledger", "provisioned writes", 94.9),
        ("provisioned ledger", "provisioned reads", 3.796),
        # Four alarms for the writes and the reads of the table and of the index.
        ("provisioned ledger", "alarms of auto scaling", 1.6),
        ("production", "shards, retention over 24 hours", 58.4),
    ],
)
def test_setting_changes_the_fixed_costs(
    stacks: Mapping[str, Resources], combination: str, what: str, dollars: float
) -> None:
    assert Cost(what=what, dollars=dollars) in rounded(cost.fixed(stacks[combination]))


def test_absent_endpoints_cost_nothing(stacks: Mapping[str, Resources]) -> None:
    assert [each.what for each in cost.fixed(stacks["minimal cost"]) if "endpoint" in each.what] == []


def test_provisioned_ledger_has_no_price_for_each_write(stacks: Mapping[str, Resources]) -> None:
    assert [each.what for each in cost.for_a_million(stacks["provisioned ledger"])] == [
        "stream",
        "function, requests",
        "function, time",
        "logs",
        "kept for a month, recoverable",
    ]


def test_absent_index_halves_the_writes(stacks: Mapping[str, Resources]) -> None:
    writes = Cost(what="writes to ledger and index", dollars=0.625)

    assert writes in rounded(cost.for_a_million(stacks["minimal cost"]))


def test_break_even_is_29_percent_utilization() -> None:
    # $0.00065 / 3,600 writes = $0.1806 for a million writes, and $0.1806 / $0.625 = 28.9 %.
    assert round(cost.break_even_utilization(), 3) == 0.289


def test_break_even_of_the_provisioned_ledger(stacks: Mapping[str, Resources]) -> None:
    # ($94.90 + $3.796 + $1.60) / $1.25 a million.
    assert round(cost.break_even_millions(stacks["provisioned ledger"]), 2) == 80.24


def test_minimum_of_the_provisioned_ledger_at_70_percent(stacks: Mapping[str, Resources]) -> None:
    # 70 writes a second, in 2.628 million seconds.
    assert round(cost.covered_millions(stacks["provisioned ledger"]), 2) == 183.96


@pytest.mark.parametrize(
    ("transactions", "window_seconds", "invocations"),
    [
        # Each record arrives alone.
        (100_000, 0, 100_000),
        # Two shards, each once a second for 2,628,000 seconds.
        (50_000_000, 0, 5_256_000),
        # Two shards, each once a minute.
        (1_000_000, 60, 87_600),
        (50_000, 60, 50_000),
    ],
)
def test_idle_shard_has_one_invocation_in_a_second_or_a_window(
    stacks: Mapping[str, Resources], transactions: int, window_seconds: int, invocations: int
) -> None:
    default = stacks["default"]

    assert cost.most_invocations(default, transactions=transactions, window_seconds=window_seconds) == invocations


def test_idle_on_demand_stream_has_four_shards(stacks: Mapping[str, Resources]) -> None:
    invocations = cost.most_invocations(stacks["on-demand stream"], transactions=50_000_000, window_seconds=60)

    assert invocations == 175_200


def test_costs_of_one_record_a_second_without_a_window(stacks: Mapping[str, Resources]) -> None:
    costs = cost.for_transactions(stacks["default"], transactions=2_628_000, invocations=2_628_000)

    assert rounded(costs) == [
        Cost(what="stream", dollars=0.037),
        Cost(what="function, requests", dollars=0.526),
        # 0.051 s for each invocation.
        Cost(what="function, time", dollars=1.787),
        Cost(what="writes to ledger and index", dollars=3.285),
        Cost(what="logs", dollars=2.506),
        Cost(what="kept for a month, recoverable", dollars=1.754),
    ]


def test_constant_writes_cost_less_with_provisioned_capacity() -> None:
    # 1,000 writes/s to table and index: 2,628 million pairs on demand, or 1,429 units each for 730 hours.
    assert round(cost.flat_writes_on_demand(1_000), 2) == 3285.0
    assert round(cost.flat_writes_provisioned(1_000), 2) == 1356.12


def rounded(costs: list[Cost]) -> list[Cost]:
    return [Cost(what=each.what, dollars=round(each.dollars, 3)) for each in costs]
