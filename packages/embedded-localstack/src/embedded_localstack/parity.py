"""The known differences between LocalStack and AWS, which docs/parity.md lists.

``python -m embedded_localstack.parity`` prints the page. For each difference, a test in tests/emulator/test_parity.py
has the marker ``parity(name)``; it fails when the difference no longer exists.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, kw_only=True)
class Difference:
    """A difference between LocalStack and AWS.

    Args:
        subject: The heading of its table.
        name: The argument of the test's marker.
        on_aws: The behaviour of AWS.
        on_localstack: The behaviour of LocalStack.
        consequence: The effect on a test that runs on LocalStack.
    """

    subject: str
    name: str
    on_aws: str
    on_localstack: str
    consequence: str


_PLAN = "A second plan"
_METRICS = "Metrics and alarms"
_POLICIES = "Policies and networks"
_STREAM = "Event source mappings"
_LIMITS = "Limits"
_FUNCTIONS = "Functions"
_KNOWN_DRIFT = "A second plan has this known drift."
_SET_STATE = "A test can set the state of such an alarm with SetAlarmState."
_AWS_ONLY = "Only a test on AWS can prove such an alarm."
_PARSE_POLICY = "Check the policy in the Terraform plan."
_FAULTS = "A fault can throttle the calls."

DIFFERENCES = (
    Difference(
        subject=_PLAN,
        name="function-key",
        on_aws="GetFunctionConfiguration returns KMSKeyArn.",
        on_localstack="It does not return KMSKeyArn.",
        consequence=_KNOWN_DRIFT,
    ),
    Difference(
        subject=_PLAN,
        name="alarm-tags",
        on_aws="PutMetricAlarm stores the tags of a new alarm.",
        on_localstack="It ignores them.",
        consequence=_KNOWN_DRIFT,
    ),
    Difference(
        subject=_PLAN,
        name="stream-tags",
        on_aws="CreateStream stores the tags of a new stream.",
        on_localstack="It ignores them.",
        consequence=_KNOWN_DRIFT,
    ),
    Difference(
        subject=_PLAN,
        name="endpoint-policy-version",
        on_aws="DescribeVpcEndpoints returns the policy document unchanged.",
        on_localstack="The Version of the document is missing.",
        consequence=_KNOWN_DRIFT,
    ),
    Difference(
        subject=_PLAN,
        name="rule-description",
        on_aws="DescribeSecurityGroupRules returns the description of every rule.",
        on_localstack="The description is missing if the rule refers to a security group or a prefix list.",
        consequence=_KNOWN_DRIFT,
    ),
    Difference(
        subject=_METRICS,
        name="service-metrics",
        on_aws="DynamoDB and Kinesis publish metrics in AWS/DynamoDB and AWS/Kinesis.",
        on_localstack="Both namespaces are empty.",
        consequence=_SET_STATE,
    ),
    Difference(
        subject=_METRICS,
        name="lambda-metrics",
        on_aws="Lambda publishes Duration, Throttles, IteratorAge and more in AWS/Lambda.",
        on_localstack="Only Invocations and Errors are published.",
        consequence=_SET_STATE,
    ),
    Difference(
        subject=_METRICS,
        name="metric-math",
        on_aws="Alarms on metric math and on percentiles are evaluated.",
        on_localstack="They stay in INSUFFICIENT_DATA.",
        consequence=_AWS_ONLY,
    ),
    Difference(
        subject=_METRICS,
        name="composite-alarm",
        on_aws="In a composite alarm, ALARM(name) follows the alarm with this name.",
        on_localstack="It does not.",
        consequence=_AWS_ONLY,
    ),
    Difference(
        subject=_POLICIES,
        name="role-policy",
        on_aws="A function needs permissions, and a role must exist.",
        on_localstack="Every call is allowed, with any role.",
        consequence="Check the policies in the Terraform plan, and compare them with the call log. "
        "Only a test on AWS can prove them.",
    ),
    Difference(
        subject=_POLICIES,
        name="key-policy",
        on_aws="A key policy that denies Encrypt blocks Encrypt.",
        on_localstack="Key policies are stored and not enforced.",
        consequence=_PARSE_POLICY,
    ),
    Difference(
        subject=_POLICIES,
        name="bucket-policy",
        on_aws="A bucket policy that denies plain HTTP blocks it.",
        on_localstack="Bucket policies are stored and not enforced.",
        consequence=_PARSE_POLICY,
    ),
    Difference(
        subject=_POLICIES,
        name="network",
        on_aws="Security groups, routes and endpoints limit the network of a function in a VPC.",
        on_localstack="The function reaches every address.",
        consequence="Check the network path in the Terraform plan.",
    ),
    Difference(
        subject=_STREAM,
        name="bisect",
        on_aws="BisectBatchOnFunctionError splits a failed batch until the bad record is alone.",
        on_localstack="The whole batch is retried and sent to the destination.",
        consequence="The destination may receive good records beside a bad one. No record is lost.",
    ),
    Difference(
        subject=_STREAM,
        name="parallel-shards",
        on_aws="Shards are processed in parallel, each with up to ParallelizationFactor batches.",
        on_localstack="One poller processes the shards in turn, and waits for each batch.",
        consequence="The throughput of several shards is lower than on AWS.",
    ),
    Difference(
        subject=_LIMITS,
        name="shard-limit",
        on_aws="A shard accepts 1 MB or 1,000 records a second; more are throttled.",
        on_localstack="A shard has no limit.",
        consequence=_FAULTS,
    ),
    Difference(
        subject=_LIMITS,
        name="table-capacity",
        on_aws="Writes above the capacity of a table are throttled.",
        on_localstack="A table has no limit.",
        consequence=_FAULTS,
    ),
    Difference(
        subject=_LIMITS,
        name="duplicate-item",
        on_aws="ReturnValuesOnConditionCheckFailure returns the existing item.",
        on_localstack="DynamoDB Local does not return it for a PartiQL INSERT.",
        consequence="The caller must read the item.",
    ),
    Difference(
        subject=_FUNCTIONS,
        name="file-system",
        on_aws="A function can write to /tmp only.",
        on_localstack="Embedded: a function can write wherever the developer's user can. "
        "TMPDIR and HOME, which AWS does not set, name a temporary folder of its own.",
        consequence="Use tempfile instead of a fixed path.",
    ),
    Difference(
        subject=_FUNCTIONS,
        name="log-timestamps",
        on_aws="Each log line has its own timestamp.",
        on_localstack="All lines of an invocation have the timestamp of its end.",
        consequence="Read durations from REPORT lines.",
    ),
    Difference(
        subject=_FUNCTIONS,
        name="json-log-format",
        on_aws="With LogFormat JSON, START and REPORT are JSON documents (platform.start, platform.report).",
        on_localstack="They are lines of text. The function's own lines are JSON.",
        consequence="A search must allow for both forms.",
    ),
    Difference(
        subject=_FUNCTIONS,
        name="log-group",
        on_aws="LoggingConfig.LogGroup sets the log group of a function.",
        on_localstack="The log group is always /aws/lambda/ and the name of the function.",
        consequence="Give the log group this name.",
    ),
)

_HEADER = """\
# Differences between LocalStack and AWS

Generated by `python -m embedded_localstack.parity > docs/parity.md`; do not edit. LocalStack 4.14.0.

Each difference has a test in `tests/emulator/test_parity.py`, which fails when the difference no longer exists.
"""


def page(differences: Sequence[Difference]) -> str:
    """Return the differences as a Markdown page, with a table for each subject."""
    parts = [_HEADER]
    for subject, group in groupby(differences, key=lambda difference: difference.subject):
        rows = [f"| `{each.name}` | {each.on_aws} | {each.on_localstack} | {each.consequence} |" for each in group]
        parts.append(
            "\n".join([f"## {subject}", "", "| Name | AWS | LocalStack | Consequence |", "|---|---|---|---|", *rows])
            + "\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page(DIFFERENCES))
