"""What arrives while nobody reads the stream is not lost."""

from collections.abc import Iterator

import pytest

from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import EventSource, Stream, Table
from tests.integration.budgets import Budgets
from tests.integration.changes import mapping_of, switch
from tests.integration.samples import Transaction, encode

pytestmark = [pytest.mark.localstack, pytest.mark.aws, pytest.mark.usefixtures("alone")]


@pytest.fixture
def mapping(deployment: Deployment, budgets: Budgets) -> Iterator[EventSource]:
    """The event source mapping, enabled again after the test."""
    mapping = mapping_of(deployment)
    yield mapping
    switch(mapping, budgets, on=True)


@pytest.mark.slow  # LocalStack reads the stream from its beginning again, in this session and those that reuse it
def test_what_arrives_while_the_mapping_is_off_is_stored_when_it_is_on_again(
    mapping: EventSource,
    stream: Stream,
    ledger: Table,
    transaction: Transaction,
    budgets: Budgets,
) -> None:
    id_ = str(transaction["transactionId"])
    switch(mapping, budgets, on=False)
    stream.put(encode(transaction))
    stored_while_off = ledger.item(id_)

    switch(mapping, budgets, on=True)

    eventually(lambda: ledger.item(id_), until=bool, what=f"transaction {id_} is in the ledger", within=budgets.record)
    assert stored_while_off is None
