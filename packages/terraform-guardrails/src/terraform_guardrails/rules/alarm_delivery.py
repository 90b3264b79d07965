"""alarm-delivery: an alarm that goes to ALARM without a notification."""

from collections.abc import Iterator

from terraform_guardrails.errors import UnknownValueError
from terraform_guardrails.finding import Finding, Severity
from terraform_guardrails.iam.policies import Condition, Statement, matches, statements
from terraform_guardrails.rule import Rule
from terraform_guardrails.rules.alarm_metric import COMPOSITE_ALARM, METRIC_ALARM
from terraform_guardrails.terraform.addresses import without_index
from terraform_guardrails.terraform.stack import Resource, Stack
from terraform_guardrails.terraform.values import Reference, Template, Value

ID = "alarm-delivery"
_SERVICE = "cloudwatch.amazonaws.com"
_MANAGED_KEY = "alias/aws/sns"
_KEY_ACTIONS = ("kms:Decrypt", "kms:GenerateDataKey")
_ARN_PARTS = 6
_DISPLAY_ONLY = ("aws_cloudwatch_dashboard.", "output.")
# These keys are set only for callers that are principals of an account. CloudWatch calls as a service.
_NEVER_SET = ("kms:calleraccount", "kms:viaservice", "aws:principal", "aws:userid", "aws:username")
_ALWAYS_TRUE = ("aws:sourceaccount", "aws:sourceowner", "aws:sourceorgid", "aws:securetransport")


def check(resource: Resource, stack: Stack) -> Iterator[Finding]:
    """Find the reasons why an alarm sends no notification."""
    actions = resource.items("alarm_actions")
    if not resource.flag("actions_enabled", default=True):
        yield _finding(resource, "The actions of the alarm are disabled.", "Remove actions_enabled = false.")
    elif not actions:
        yield from _check_watchers(resource, stack)
    for action in actions:
        topic = stack.target(action, "aws_sns_topic")
        if topic is not None:
            yield from _check_topic(resource, topic, stack)


def _check_watchers(alarm: Resource, stack: Stack) -> Iterator[Finding]:
    """Check an alarm without actions: a composite alarm or a deployment may watch it instead."""
    address, remedy = without_index(alarm.address), "Add alarm_actions."
    watchers = {each for each in stack.graph.predecessors(address) if not each.startswith(_DISPLAY_ONLY)}
    name = str(stack.followed(alarm.physical_name))
    composites = [
        each
        for each in stack.of_type(COMPOSITE_ALARM)
        if each.address in watchers or name in str(each.value("alarm_rule"))
    ]
    if not watchers and not composites:
        yield _finding(alarm, "The alarm has no alarm_actions: it sends no notification.", remedy)
        return
    if watchers - {each.address for each in composites}:
        return
    others = {other for each in composites for other in stack.graph.successors(each.address)} - {address}
    notifying = [each for each in stack.of_type(METRIC_ALARM) if each.address in others and each.items("alarm_actions")]
    if notifying:
        problem = (
            f"The alarm has no alarm_actions, but {notifying[0].address}, also a child of {composites[0].address}, "
            "has some: while the composite alarm is in ALARM, this alarm sends no notification."
        )
        yield _finding(alarm, problem, remedy, severity="warning")


def _check_topic(alarm: Resource, topic: Resource, stack: Stack) -> Iterator[Finding]:
    yield from _check_key(alarm, topic, stack)
    holder = next(iter(stack.naming(topic, "aws_sns_topic_policy", "arn")), topic)
    # The default policy of a topic allows its account to publish, and CloudWatch on behalf of the account.
    if holder.has("policy") and not _permits(holder, "sns:Publish", alarm, stack):
        yield _finding(
            alarm,
            f"The policy of {topic.address} does not allow {_SERVICE} to publish for this alarm.",
            f"Allow sns:Publish for {_SERVICE} and this alarm in {holder.address}.",
        )


def _check_key(alarm: Resource, topic: Resource, stack: Stack) -> Iterator[Finding]:
    key_id = stack.followed(topic.value("kms_master_key_id"))
    if key_id is None:
        return
    if _names_managed_key(key_id, stack):
        yield _finding(
            alarm,
            f"{topic.address} is encrypted with {_MANAGED_KEY}. The policy of this key does not allow CloudWatch "
            "to use it, so notifications are lost.",
            f"Encrypt the topic with a customer managed key that allows {_SERVICE}.",
        )
        return
    key = stack.target(key_id, "aws_kms_key") or _key_behind_alias(key_id, stack)
    if key is None:
        raise UnknownValueError(f"the key of {topic.address}")
    holder = next(iter(stack.naming(key, "aws_kms_key_policy", "key_id")), key)
    # The default policy allows the account, which does not include a service.
    lacking = [
        action for action in _KEY_ACTIONS if not holder.has("policy") or not _permits(holder, action, alarm, stack)
    ]
    if lacking:
        yield _finding(
            alarm,
            f"{topic.address} is encrypted with {key.address}, whose policy does not allow {_SERVICE} to call "
            f"{' and '.join(lacking)} for this alarm, so notifications are lost.",
            f"Allow kms:Decrypt and kms:GenerateDataKey* for {_SERVICE} in {holder.address}.",
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
    """Return whether a resource policy allows an action for CloudWatch on behalf of an alarm."""
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
    """Return whether a condition is true for the request of CloudWatch on behalf of an alarm."""
    key = condition.key.lower()
    if key.startswith(_ALWAYS_TRUE) or condition.operator.lower().endswith("ifexists"):
        return True
    if key.startswith(_NEVER_SET):
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
    return Finding(rule=ID, severity=severity, address=alarm.address, problem=problem, remedy=remedy)


RULE = Rule(
    id=ID,
    severity="error",
    summary="an alarm that sends no notification",
    source="https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html",
    example="""\
{"resource": {
  "aws_sns_topic": {"alarms": {"kms_master_key_id": "alias/aws/sns"}},
  "aws_cloudwatch_metric_alarm": {"errors": {
    "namespace": "AWS/Lambda", "metric_name": "Errors", "alarm_actions": ["${aws_sns_topic.alarms.arn}"]}}}}
""",
    why="""\
An alarm goes to ALARM even if its notification cannot be delivered. Delivery requires:

- an alarm action
- for an encrypted topic, a key policy that allows `kms:Decrypt` and `kms:GenerateDataKey*` for
  `cloudwatch.amazonaws.com`. A statement for the account root does not include a service, and a condition on
  `kms:CallerAccount` or `kms:ViaService` excludes it.
- a topic policy, if the topic has one, that allows this alarm to publish

An alarm without actions is correct if a composite alarm or a deployment watches it. If some children of a composite
alarm have actions and others have none, those without are a warning.
""",
    remedy="Encrypt the topic with a customer managed key, and allow CloudWatch in its policy, limited by "
    "`aws:SourceAccount` and `aws:SourceArn`.",
    check=check,
    types=frozenset({METRIC_ALARM, COMPOSITE_ALARM}),
)
