"""What breaks says so: the function's failure rings the alarm, and a subscriber hears it."""

from harness.demo.alarm import fail_the_function
from harness.deployment import Deployment
from harness.probes import Alarm, Inbox
from harness.waiting import eventually


def test_a_failing_function_rings_the_alarm_and_the_message_arrives(
    deployment: Deployment, error_alarm: Alarm, subscriber: Inbox
) -> None:
    error_alarm.set_state("OK", "A test is about to make it ring.")

    fail_the_function(deployment)

    eventually(
        lambda: subscriber.has_alarm(error_alarm.name),
        until=bool,
        what=f"the message of alarm {error_alarm.name} arrived",
        within=180,
    )
