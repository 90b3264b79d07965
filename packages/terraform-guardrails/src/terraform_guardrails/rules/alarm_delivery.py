"""alarm-delivery: an alarm that rings and tells no one."""

from collections.abc import Iterator

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.iam.policies import Condition, Statement, matches, statements
from terraform_guardrails.rule import Rule
from terraform_guardrails.rules.alarm_metric import COMPOSITE_ALARM, METRIC_ALARM
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Value

NAME = "alarm-delivery"
_SERVICE = "cloudwatch.amazonaws.com"
_MANAGED_KEY = "alias/aws/sns"
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_ARN_PARTS = 6
_ONLY_SHOWING = ("aws_cloudwatch_dashboard.", "output.")
# Only a caller that is a principal of an account has these; CloudWatch calls as itself.
_NEVER_THERE = ("kms:calleraccount", "kms:viaservice", "aws:principal", "aws:userid", "aws:username")
_ALWAYS_TRUE = ("aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:securetransport")


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find why an alarm that rings is not heard."""
    actions = resource.items("alarm_actions")
    if not resource.flag("actions_enabled", default=True):
        yield _finding(resource, "Its actions are switched off.", "Remove actions_enabled = false.")
    elif not actions:
        yield from _check_watchers(resource, stack)
    for action in actions:
        topic = stack.target(action, "aws_sns_topic")
        if topic is not None:
            yield from _check_topic(resource, topic, stack)


def _check_watchers(alarm: Resource, stack: Stack) -> Iterator[Finding]:
    """An alarm without an action is sound if something else acts on it: a composite alarm, or a deployment."""
    address, remedy = without_index(alarm.address), "Add alarm_actions."
    watchers = {each for each in stack.graph.predecessors(address) if not each.startswith(_ONLY_SHOWING)}
    name = str(stack.followed(alarm.physical_name))
    composites = [
        each
        for each in stack.of_type(COMPOSITE_ALARM)
        if each.address in watchers or name in str(each.value("alarm_rule"))
    ]
    if not watchers and not composites:
        yield _finding(alarm, "It has no action: it changes its state and tells no one.", remedy)
        return
    if watchers - {each.address for each in composites}:
        return
    others = {other for each in composites for other in stack.graph.successors(each.address)} - {address}
    loud = [each for each in stack.of_type(METRIC_ALARM) if each.address in others and each.items("alarm_actions")]
    if loud:
        problem = (
            f"It has no action, although {loud[0].address} beside it in {composites[0].address} has one: "
            "only the composite alarm tells of it, and only when it was silent before."
        )
        yield _finding(alarm, problem, remedy, severity="warning")


def _check_topic(alarm: Resource, topic: Resource, stack: Stack) -> Iterator[Finding]:
    yield from _check_key(alarm, topic, stack)
    holder = next(iter(stack.naming(topic, "aws_sns_topic_policy", "arn")), topic)
    # Without a policy of its own, a topic lets its own account publish, and CloudWatch for it.
    if holder.has("policy") and not _permits(holder, "sns:Publish", alarm, stack):
        yield _finding(
            alarm,
            f"The policy of {topic.address} does not let {_SERVICE} publish for this alarm.",
            f"Allow {_SERVICE} sns:Publish in {holder.address}, for alarms of this name.",
        )


def _check_key(alarm: Resource, topic: Resource, stack: Stack) -> Iterator[Finding]:
    key_id = stack.followed(topic.value("kms_master_key_id"))
    if key_id is None:
        return
    if _names_managed_key(key_id, stack):
        yield _finding(
            alarm,
            f"{topic.address} is encrypted with {_MANAGED_KEY}, whose policy does not let CloudWatch in: "
            "the alarm rings and its message is dropped.",
            f"Encrypt the topic with a key of your own that lets {_SERVICE} in.",
        )
        return
    key = stack.target(key_id, "aws_kms_key") or _key_behind_alias(key_id, stack)
    if key is None:
        raise UnknownValueError(f"the key of {topic.address}")
    holder = next(iter(stack.naming(key, "aws_kms_key_policy", "key_id")), key)
    # The default policy lets in the account, which does not cover a service.
    lacking = [
        action for action in _KEY_ACTIONS if not holder.has("policy") or not _permits(holder, action, alarm, stack)
    ]
    if lacking:
        yield _finding(
            alarm,
            f"{topic.address} is encrypted with {key.address}, whose policy does not let {_SERVICE} use "
            f"{' and '.join(lacking)} for this alarm: it rings and its message is dropped.",
            f"Allow {_SERVICE} kms:Decrypt and kms:GenerateDataKey* in {holder.address}.",
        )


def _names_managed_key(key_id: Value, stack: Stack) -> bool:
    if isinstance(key_id, Reference):
        block = stack.block(key_id)
        attribute = {"aws_kms_key": "key_id", "aws_kms_alias": "name"}.get(block.type, "") if block else ""
        return block is not None and not block.managed and block.value(attribute) == _MANAGED_KEY
    return str(key_id).endswith(_MANAGED_KEY)


def _key_behind_alias(key_id: Value, stack: Stack) -> Resource | None:
    alias = stack.target(key_id, "aws_kms_alias")
    if alias is None and isinstance(key_id, str | Template) and "alias/" in str(key_id):
        alias = stack.target("alias/" + str(key_id).partition("alias/")[2], "aws_kms_alias")
    return stack.target(alias.value("target_key_id"), "aws_kms_key") if alias else None


def _permits(holder: Resource, action: str, alarm: Resource, stack: Stack) -> bool:
    """Whether a resource policy lets CloudWatch do something for an alarm."""
    about = [
        statement
        for statement in statements(holder.value("policy"), stack)
        if statement.covers_action(action) and _is_for_cloudwatch(statement)
    ]
    if any(not statement.allows and not statement.conditions for statement in about):
        return False
    return any(
        statement.allows and all(_holds(condition, alarm, stack) for condition in statement.conditions)
        for statement in about
    )


def _is_for_cloudwatch(statement: Statement) -> bool:
    principals = statement.principals
    accounts = [*principals.get("AWS", []), *principals.get("*", [])]
    return _SERVICE in principals.get("Service", []) or "*" in accounts


def _holds(condition: Condition, alarm: Resource, stack: Stack) -> bool:
    """Whether a condition is true of the call that CloudWatch makes for an alarm."""
    key = condition.key.lower()
    if key.startswith(_ALWAYS_TRUE) or condition.operator.lower().endswith("ifexists"):
        return True
    if key.startswith(_NEVER_THERE):
        return False
    if key != "aws:sourcearn":
        raise UnknownValueError(condition.key)
    return any(_is_arn_of(pattern, alarm, stack) for pattern in condition.values)


def _is_arn_of(pattern: Value, alarm: Resource, stack: Stack) -> bool:
    if isinstance(pattern, Reference):
        return stack.block(pattern) is alarm
    parts = str(pattern).split(":", _ARN_PARTS - 1)
    if len(parts) < _ARN_PARTS:
        return str(pattern) == "*"
    name = stack.followed(alarm.physical_name)
    if not isinstance(name, str | Template):
        raise UnknownValueError("alarm_name")
    if matches(parts[-1], f"alarm:{name}"):
        return matches(parts[2], "cloudwatch")
    if "${" in parts[-1] or "${" in str(name):
        raise UnknownValueError(parts[-1] if "${" in parts[-1] else "alarm_name")
    return False


def _finding(alarm: Resource, problem: str, remedy: str, *, severity: Severity = "error") -> Finding:
    return Finding(rule=NAME, severity=severity, address=alarm.address, problem=problem, remedy=remedy)


RULE = Rule(name=NAME, check=check, types=frozenset({METRIC_ALARM, COMPOSITE_ALARM}))
