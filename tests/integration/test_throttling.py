"""A ledger that refuses writes delays transactions, and neither loses nor doubles one."""

import time
import urllib.error
from collections.abc import Iterator

import pytest

from harness.demo.accounting import Sent, account
from harness.demo.observer import Observer
from harness.deployment import Deployment
from harness.localstack import Fault, Faults, Kind
from harness.waiting import eventually
from operations.generate import generate
from operations.send import send

WITHIN_SECONDS = 180


@pytest.fixture
def faults(deployment: Deployment) -> Iterator[Faults]:
    """The faults of the LocalStack that the pipeline is deployed to."""
    endpoint = deployment.target.endpoint
    if endpoint is None:
        pytest.skip("AWS cannot be told to fail.")
    faults = Faults(endpoint)
    try:
        faults.switch_off()
    except urllib.error.URLError:
        pytest.skip(f"Only the embedded LocalStack can be told to fail, the one at {endpoint} cannot.")
    yield faults
    faults.switch_off()


def test_with_thirty_percent_of_writes_throttled_nothing_is_lost_and_nothing_is_twice(
    deployment: Deployment, faults: Faults
) -> None:
    outgoing = generate(1_000, broken=10, repeats=20, seed=time.time_ns())
    observer = Observer(deployment)
    sent: list[Sent] = []
    throttled = Fault(kind=Kind.THROTTLE, service="dynamodb", operation="BatchExecuteStatement", probability=0.3)

    with faults.during(throttled):
        send(
            deployment.target.client("kinesis"),
            deployment.output("kinesis_stream_name"),
            outgoing,
            on_progress=lambda taken: sent.extend(
                Sent(
                    transaction_id=receipt.record.transaction_id,
                    sequence_number=receipt.sequence_number,
                    put_at=time.time(),
                )
                for receipt in taken
            ),
        )
        counted = eventually(
            lambda: account(sent, observer.look()),
            until=lambda found: not found.unaccounted,
            what="every transaction is accounted for",
            within=WITHIN_SECONDS,
            describe=lambda found: f"{len(found.unaccounted)} unaccounted for",
        )
        (happened,) = faults.injected

    assert (len(counted.stored), len(counted.duplicates)) == (970, 20)
    assert (len(counted.rejected), len(counted.conflicting), len(counted.dead_lettered)) == (10, 0, 0)
    assert happened > 200
