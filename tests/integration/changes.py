"""What a test may change of the deployment for a while; each change is undone."""

from collections.abc import Iterator
from contextlib import contextmanager

from harness.deployment import Deployment
from harness.probes import EventSource
from harness.waiting import eventually
from tests.integration.budgets import Budgets


@contextmanager
def failing_function(deployment: Deployment, budgets: Budgets) -> Iterator[None]:
    """The function ends every invocation with an error, since its code has no such handler."""
    functions = deployment.target.client("lambda")
    name = deployment.output("lambda_function_name")
    handler = functions.get_function_configuration(FunctionName=name)["Handler"]

    def use(handler: str) -> None:
        functions.update_function_configuration(FunctionName=name, Handler=handler)
        eventually(
            lambda: functions.get_function_configuration(FunctionName=name)["LastUpdateStatus"],
            until=lambda status: status == "Successful",
            what=f"the function's handler is {handler}",
            within=budgets.change,
        )

    use(f"{handler}_is_gone")
    try:
        yield
    finally:
        use(handler)


def mapping_of(deployment: Deployment) -> EventSource:
    """The event source mapping of the function."""
    client = deployment.target.client("lambda")
    (found,) = client.list_event_source_mappings(FunctionName=deployment.output("lambda_function_name"))[
        "EventSourceMappings"
    ]
    return EventSource(client=client, uuid=found["UUID"])


def switch(mapping: EventSource, budgets: Budgets, *, on: bool) -> None:
    """Let the mapping read the stream, or not."""
    mapping.client.update_event_source_mapping(UUID=mapping.uuid, Enabled=on)
    wanted = "Enabled" if on else "Disabled"
    eventually(
        mapping.state, until=lambda state: state == wanted, what=f"the mapping is {wanted}", within=budgets.change
    )
