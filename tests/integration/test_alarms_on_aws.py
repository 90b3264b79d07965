"""An alarm on a metric that LocalStack does not publish, rung by its cause. There, its state is set instead."""

from collections.abc import Iterator

import pytest

from harness.deployment import Deployment
from harness.probes import Inbox
from harness.waiting import eventually

# Five periods of a minute in a row, and what CloudWatch takes to notice.
WITHIN_SECONDS = 900

pytestmark = pytest.mark.aws("LocalStack publishes no metric of throttling")


@pytest.fixture
def function_without_concurrency(deployment: Deployment) -> Iterator[str]:
    """The function's name, while nobody can invoke it."""
    client, name = deployment.target.client("lambda"), deployment.output("lambda_function_name")
    client.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)
    yield name
    client.delete_function_concurrency(FunctionName=name)


def test_a_function_that_is_throttled_for_minutes_rings_the_alarm(
    deployment: Deployment, subscriber: Inbox, function_without_concurrency: str
) -> None:
    client, alarm = deployment.target.client("lambda"), f"lambda-throttles-{deployment.run.suffix}"

    def heard_after_one_more() -> bool:
        with pytest.raises(client.exceptions.TooManyRequestsException):
            client.invoke(FunctionName=function_without_concurrency, Payload=b"{}")
        return subscriber.has_alarm(alarm)

    eventually(heard_after_one_more, until=bool, what=f"the message of {alarm} arrived", within=WITHIN_SECONDS)
