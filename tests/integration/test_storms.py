"""Faults of AWS services and of the function: 1,000 transactions are neither lost nor stored twice."""

import time
from collections.abc import Sequence
from typing import TypedDict

import pytest

from demo.accounting import Sent, account
from demo.observer import Observer
from embedded_localstack import Fault, Faults, Kind
from operations.generate import generate
from operations.send import send
from terraform_harness import Deployment, eventually
from tests.integration.budgets import Budgets


class _Calls(TypedDict):
    service: str
    operation: str


pytestmark = [pytest.mark.localstack("faults cannot be injected into AWS"), pytest.mark.usefixtures("alone")]

STATEMENTS: _Calls = {"service": "dynamodb", "operation": "BatchExecuteStatement"}


@pytest.mark.parametrize(
    ("storm", "at_least"),
    [
        pytest.param([Fault(kind=Kind.THROTTLE, probability=0.3, **STATEMENTS)], 200, id="30 % of writes throttled"),
        pytest.param(
            [
                Fault(kind=Kind.ERROR, service="dynamodb", operation="Batch*", probability=0.2),
                Fault(kind=Kind.THROTTLE, service="s3", operation="PutObject", probability=0.3),
            ],
            5,
            id="a fifth of all calls failed",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            [Fault(kind=Kind.DUPLICATE, probability=0.3, **STATEMENTS)],
            5,
            id="writes executed twice",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            [Fault(kind=Kind.DUPLICATE, service="lambda", operation="Invoke")],
            2,
            id="every batch delivered twice",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            [Fault(kind=Kind.CRASH, times=2, **STATEMENTS)], 2, id="two crashes after a write", marks=pytest.mark.slow
        ),
    ],
)
def test_faults_neither_lose_nor_repeat_a_transaction(
    deployment: Deployment, faults: Faults, budgets: Budgets, storm: Sequence[Fault], at_least: int
) -> None:
    outgoing = generate(1_000, broken=10, repeats=20, seed=time.time_ns())
    observer = Observer(deployment)
    sent: list[Sent] = []

    with faults.during(*storm):
        send(
            deployment.target.client("kinesis"),
            deployment.output("kinesis_stream_name"),
            outgoing,
            on_progress=lambda receipts: sent.extend(
                Sent(
                    transaction_id=receipt.record.transaction_id,
                    sequence_number=receipt.sequence_number,
                    put_at=time.time(),
                )
                for receipt in receipts
            ),
        )
        counted = eventually(
            lambda: account(sent, observer.observe()),
            until=lambda found: not found.unaccounted,
            what="every transaction is accounted for",
            within=budgets.storm,
            describe=lambda found: f"{len(found.unaccounted)} unaccounted for",
        )
        injected = sum(faults.injected)

    assert (len(counted.stored), len(counted.duplicates)) == (970, 20)
    assert (len(counted.rejected), len(counted.conflicting), len(counted.dead_lettered)) == (10, 0, 0)
    assert injected >= at_least
