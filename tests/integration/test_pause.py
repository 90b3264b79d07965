"""What arrives while nobody reads the stream is not lost."""

from collections.abc import Callable, Iterator

import pytest

from harness.deployment import Deployment
from harness.probes import EventSource, Stream, Table
from harness.waiting import eventually

type Transaction = dict[str, object]


@pytest.fixture
def mapping(deployment: Deployment) -> Iterator[EventSource]:
    """The event source mapping, enabled again after the test."""
    client = deployment.target.client("lambda")
    (found,) = client.list_event_source_mappings(FunctionName=deployment.output("lambda_function_name"))[
        "EventSourceMappings"
    ]
    mapping = EventSource(client=client, uuid=found["UUID"])
    yield mapping
    switch(mapping, on=True)


def switch(mapping: EventSource, *, on: bool) -> None:
    mapping.client.update_event_source_mapping(UUID=mapping.uuid, Enabled=on)
    wanted = "Enabled" if on else "Disabled"
    eventually(mapping.state, until=lambda state: state == wanted, what=f"the mapping is {wanted}", within=120)


@pytest.mark.slow  # LocalStack reads the stream from its beginning again, in this session and those that reuse it
def test_what_arrives_while_the_mapping_is_off_is_stored_when_it_is_on_again(
    mapping: EventSource,
    stream: Stream,
    ledger: Table,
    transaction: Transaction,
    encoded: Callable[[Transaction], bytes],
) -> None:
    id_ = str(transaction["transactionId"])
    switch(mapping, on=False)
    stream.put(encoded(transaction))
    stored_while_off = ledger.item(id_)

    switch(mapping, on=True)

    eventually(lambda: ledger.item(id_), until=bool, what=f"transaction {id_} is in the ledger", within=120)
    assert stored_while_off is None
