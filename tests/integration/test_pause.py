"""A record that arrives while the event source mapping is disabled is not lost."""

import time
from collections.abc import Iterator

import pytest

from terraform_harness import Deployment, eventually
from terraform_harness.probes import EventSource, Stream, Table
from tests.integration.budgets import Budgets
from tests.integration.changes import mapping_of, switch
from tests.integration.samples import Transaction, encode

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]


# An enabled mapping delivers a record within this time.
DELIVERY_SECONDS = 5


@pytest.fixture
def mapping(deployment: Deployment, budgets: Budgets) -> Iterator[EventSource]:
    """The event source mapping, enabled again after the test."""
    mapping = mapping_of(deployment)
    yield mapping
    switch(mapping, budgets, on=True)


@pytest.mark.slow  # it waits, and LocalStack in a container reads the stream from the start again
def test_record_is_stored_after_the_mapping_is_enabled_again(
    mapping: EventSource,
    stream: Stream,
    ledger: Table,
    transaction: Transaction,
    budgets: Budgets,
) -> None:
    id_ = str(transaction["transactionId"])
    switch(mapping, budgets, on=False)
    stream.put(encode(transaction))
    time.sleep(DELIVERY_SECONDS)
    stored_while_off = ledger.item(id_)

    switch(mapping, budgets, on=True)

    eventually(lambda: ledger.item(id_), until=bool, what=f"transaction {id_} is in the ledger", within=budgets.record)
    assert stored_while_off is None
