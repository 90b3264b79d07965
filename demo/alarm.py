"""Triggers the error alarm, and waits for its notification."""

import time

from demo.errors import FunctionDidNotFailError
from demo.report import AlarmReport
from terraform_harness import Deployment, eventually
from terraform_harness.probes import Alarm, subscribed_inbox

_ALARM_WITHIN_SECONDS = 180.0
_NOTIFIED_WITHIN_SECONDS = 30.0


def trigger(deployment: Deployment) -> AlarmReport:
    """Make the function fail, and wait until a subscriber is notified of the alarm.

    Raises:
        FunctionDidNotFailError: The function accepted an invalid event.
        EventuallyError: The alarm did not go to ALARM, or its notification did not arrive.
    """
    target, topic = deployment.target, deployment.output("alarm_topic_arn")
    alarm = Alarm(client=target.client("cloudwatch"), name=deployment.output("lambda_error_alarm_name"))
    name, tags = f"alarm-inbox-{deployment.run.suffix}", deployment.run.tags
    with subscribed_inbox(target, topic_arn=topic, name=name, tags=tags) as inbox:
        started = time.monotonic()
        fail_the_function(deployment)
        state = eventually(
            alarm.state,
            until=lambda state: state == "ALARM",
            what=f"alarm {alarm.name} is in state ALARM",
            within=_ALARM_WITHIN_SECONDS,
            check=target.check,
        )
        eventually(
            lambda: inbox.has_alarm(alarm.name),
            until=bool,
            what=f"the notification of alarm {alarm.name} is in the subscribed queue",
            within=_NOTIFIED_WITHIN_SECONDS,
            check=target.check,
        )
    return AlarmReport(name=alarm.name, state=state, seconds=round(time.monotonic() - started, 1), delivered=True)


def fail_the_function(deployment: Deployment) -> None:
    """Invoke the function with an event that is not a Kinesis batch, so that it raises an error.

    Raises:
        FunctionDidNotFailError: The function returned a result instead.
    """
    name: str = deployment.output("lambda_function_name")
    response = deployment.target.client("lambda").invoke(FunctionName=name, Payload=b'{"not": "a Kinesis batch"}')
    if "FunctionError" not in response:
        raise FunctionDidNotFailError(function=name, payload=response["Payload"].read().decode())
