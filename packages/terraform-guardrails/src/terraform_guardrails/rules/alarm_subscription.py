"""alarm-subscription: a topic that alarms notify, and that has no subscription."""

from collections.abc import Iterator

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding
from terraform_guardrails.rule import Rule
from terraform_guardrails.rules.alarm_metric import COMPOSITE_ALARM, METRIC_ALARM
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Unknown, Value, references_of

ID = "alarm-subscription"
_TOPIC = "aws_sns_topic"
_ACTIONS = ("alarm_actions", "insufficient_data_actions", "ok_actions")
# The resources that subscribe to a topic, each with the attribute that names it.
_SUBSCRIBERS = {
    "aws_sns_topic_subscription": "topic_arn",
    "aws_chatbot_slack_channel_configuration": "sns_topic_arns",
    "aws_chatbot_teams_channel_configuration": "sns_topic_arns",
}
# Resources of AWS that create others, so they may subscribe to a topic that they refer to.
_TEMPLATES = {
    "aws_cloudcontrolapi_resource",
    "aws_cloudformation_stack",
    "aws_cloudformation_stack_instances",
    "aws_cloudformation_stack_set",
    "aws_cloudformation_stack_set_instance",
}


def check(topic: Resource, stack: Stack) -> Iterator[Finding]:
    """Find a topic whose alarm notifications have no recipient."""
    if stack.lifetime == "ephemeral":
        return
    alarms = [alarm for alarm in stack.of_type(METRIC_ALARM, COMPOSITE_ALARM) if _notifies(alarm, topic, stack)]
    if not alarms or _is_subscribed(topic, stack):
        return
    first, *others = alarms
    more = f" and {len(others)} other alarm{'' if len(others) == 1 else 's'} notify" if others else " notifies"
    yield Finding(
        rule=ID,
        severity="warning",
        address=topic.address,
        problem=f"{first.address}{more} this topic, but the stack has no subscription to it: "
        "the notifications have no recipient.",
        remedy="Add an aws_sns_topic_subscription. If the topic has a subscription elsewhere, suppress this finding.",
    )


def _notifies(alarm: Resource, topic: Resource, stack: Stack) -> bool:
    actions = [action for attribute in _ACTIONS for action in _listed(alarm.value(attribute))]
    unknown = [action for action in actions if isinstance(action, Unknown)]
    if any(stack.block(reference) is topic for action in unknown for reference in references_of(action)):
        raise UnknownValueError(f"whether {alarm.address} notifies the topic")
    return any(stack.target(action, _TOPIC) is topic for action in actions if action not in unknown)


def _is_subscribed(topic: Resource, stack: Stack) -> bool:
    named = [
        (subscriber, value)
        for type_, attribute in _SUBSCRIBERS.items()
        for subscriber in stack.of_type(type_)
        for value in _listed(subscriber.value(attribute))
    ]
    if any(not isinstance(value, Unknown) and stack.target(value, _TOPIC) is topic for _, value in named):
        return True
    uncertain = [subscriber.address for subscriber, value in named if _is_uncertain(value, stack)]
    uncertain += _possible_subscribers(topic, stack)
    if uncertain:
        raise UnknownValueError(f"whether {uncertain[0]} subscribes to the topic")
    return False


def _listed(value: Value) -> list[Value]:
    if isinstance(value, list):
        return value
    return [] if value is None else [value]


def _is_uncertain(value: Value, stack: Stack) -> bool:
    """Return whether a value may be the ARN of any topic."""
    if not isinstance(value, Unknown) and stack.target(value, _TOPIC) is not None:
        return False
    match stack.followed(value):
        case Template(parts=(*_, str() as end)):
            return ":" not in end  # a part of the name is not known
        case found:
            return isinstance(found, Reference | Template | Unknown)


def _possible_subscribers(topic: Resource, stack: Stack) -> Iterator[str]:
    """Yield the modules, and the resources of other providers, that refer to a topic and may subscribe to it."""
    names = _names_of(without_index(topic.address), stack)
    yield from (module for module, named in stack.unseen_modules.items() if not names.isdisjoint(named))
    for resource in stack.resources:
        may_subscribe = resource.type in _TEMPLATES or not resource.type.startswith("aws_")
        if may_subscribe and not names.isdisjoint(stack.graph.successors(without_index(resource.address))):
            yield resource.address


def _names_of(address: str, stack: Stack) -> set[str]:
    """Return an address, and those of the local values that refer to it."""
    names, waiting = {address}, [address]
    while waiting:
        found = {each for each in stack.graph.predecessors(waiting.pop()) if each.startswith("local.")}
        waiting.extend(found - names)
        names |= found
    return names


RULE = Rule(
    id=ID,
    severity="warning",
    summary="a topic that alarms notify, and that has no subscription",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-create-subscribe-endpoint-to-topic.html",
    example="""\
{"resource": {
  "aws_sns_topic": {"alarms": {"name": "alarms"}},
  "aws_cloudwatch_metric_alarm": {"errors": {
    "namespace": "AWS/Lambda", "metric_name": "Errors", "alarm_actions": ["${aws_sns_topic.alarms.arn}"]}}}}
""",
    why="""\
SNS delivers a message to the subscriptions of its topic. Without a subscription, SNS accepts the notification of an
alarm and drops it. The alarm goes to ALARM, and the people on call are not notified.

A stack is not checked if its default tag `Ephemeral` is `true`, or with `--lifetime ephemeral`.

The result is inconclusive if a subscription names its topic by a variable, a data source or a module. It is also
inconclusive if something that may subscribe refers to the topic: a module, a CloudFormation stack, or a resource of
another provider. A plan has the resources of modules.

The rule does not know whether the owner of an email address or a web server confirmed the subscription.
""",
    remedy="Add a subscription of an email address, a web server, a queue or a function. If it exists outside of this "
    "stack, suppress the finding and name it in the reason.",
    check=check,
    types=frozenset({_TOPIC}),
)
