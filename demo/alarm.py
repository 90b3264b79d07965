"""Makes the function really fail, and waits for the alarm and for its message at a subscriber."""

import time

from demo.errors import FunctionDidNotFailError
from demo.report import AlarmReport
from terraform_harness.deployments.deployment import Deployment
from terraform_harness.polling import eventually
from terraform_harness.probes import Alarm, subscribed_inbox

_RINGS_WITHIN_SECONDS = 180.0
_ARRIVES_WITHIN_SECONDS = 30.0


def ring(deployment: Deployment) -> AlarmReport:
    """Make the function fail, and follow the alarm to a subscriber.

    Raises:
        FunctionDidNotFailError: The function answered as if all were well.
        EventuallyError: The alarm did not ring, or its message did not arrive.
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
            within=_RINGS_WITHIN_SECONDS,
            check=target.check,
        )
        eventually(
            lambda: inbox.has_alarm(alarm.name),
            until=bool,
            what=f"the message of alarm {alarm.name} is in the subscribed queue",
            within=_ARRIVES_WITHIN_SECONDS,
            check=target.check,
        )
    return AlarmReport(name=alarm.name, state=state, seconds=round(time.monotonic() - started, 1), delivered=True)


def fail_the_function(deployment: Deployment) -> None:
    """Invoke the function with an event that is no Kinesis batch: it must raise, or its alarm could never ring.

    Raises:
        FunctionDidNotFailError: It did not.
    """
    name: str = deployment.output("lambda_function_name")
    answer = deployment.target.client("lambda").invoke(FunctionName=name, Payload=b'{"not": "a Kinesis batch"}')
    if "FunctionError" not in answer:
        raise FunctionDidNotFailError(function=name, answer=answer["Payload"].read().decode())
