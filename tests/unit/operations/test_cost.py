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
        Cost(what="function, time", dollars=0.067),
        Cost(what="writes to ledger and index", dollars=1.25),
        Cost(what="logs", dollars=0.001),
        Cost(what="kept for a month, recoverable", dollars=0.668),
    ]


@pytest.mark.parametrize(
    ("combination", "what", "dollars"),
    [
        ("minimal cost", "shards", 10.95),
        ("on-demand stream", "on-demand stream", 29.2),
        ("production", "shards, retention over 24 hours", 58.4),
    ],
)
def test_setting_changes_the_fixed_costs(
    stacks: Mapping[str, Resources], combination: str, what: str, dollars: float
) -> None:
    assert Cost(what=what, dollars=dollars) in rounded(cost.fixed(stacks[combination]))


def test_absent_endpoints_cost_nothing(stacks: Mapping[str, Resources]) -> None:
    assert [each.what for each in cost.fixed(stacks["minimal cost"]) if "endpoint" in each.what] == []


def rounded(costs: list[Cost]) -> list[Cost]:
    return [Cost(what=each.what, dollars=round(each.dollars, 3)) for each in costs]
