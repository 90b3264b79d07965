"""Where LocalStack, embedded or not, differs from AWS: the source of docs/parity.md.

``python -m embedded_localstack.parity`` prints the page. Each difference has a test of the same name in
tests/emulator/test_parity.py, which fails when the difference is gone.
"""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby


@dataclass(frozen=True, kw_only=True)
class Difference:
    """One way in which LocalStack is not like AWS.

    Args:
        subject: The heading it stands under.
        test: The name of the test, without ``test_``.
        on_aws: What AWS does.
        on_localstack: What LocalStack does.
        so: What follows for a test that runs here.
    """

    subject: str
    test: str
    on_aws: str
    on_localstack: str
    so: str


_PLAN = "A second plan"
_METRICS = "Metrics and alarms"
_POLICIES = "Policies and networks"
_STREAM = "Event source mappings"
_LIMITS = "Limits"
_FUNCTIONS = "Functions"
_KNOWN = "Named as a known gap of the second plan."
_FAULTS = "Faults throttle on purpose."

DIFFERENCES = (
    Difference(
        subject=_PLAN,
        test="the_key_of_a_function_is_not_returned",
        on_aws="GetFunctionConfiguration returns KMSKeyArn.",
        on_localstack="The key is taken and not returned.",
        so=_KNOWN,
    ),
    Difference(
        subject=_PLAN,
        test="the_tags_that_an_alarm_was_created_with_are_not_returned",
        on_aws="Tags given to PutMetricAlarm are there.",
        on_localstack="They are forgotten.",
        so=_KNOWN,
    ),
    Difference(
        subject=_PLAN,
        test="the_tags_that_a_stream_was_created_with_are_not_returned",
        on_aws="Tags given to CreateStream are there.",
        on_localstack="They are forgotten.",
        so=_KNOWN,
    ),
    Difference(
        subject=_PLAN,
        test="an_endpoint_policy_comes_back_without_its_version",
        on_aws="The policy document comes back as it was.",
        on_localstack="Its Version is missing.",
        so=_KNOWN,
    ),
    Difference(
        subject=_PLAN,
        test="the_description_of_a_rule_that_names_a_group_is_not_returned",
        on_aws="A rule's description comes back.",
        on_localstack="Only of rules that name an address range, not of those that name a group or a prefix list.",
        so=_KNOWN,
    ),
    Difference(
        subject=_METRICS,
        test="dynamodb_and_kinesis_publish_no_metrics",
        on_aws="AWS/DynamoDB and AWS/Kinesis tell of every call.",
        on_localstack="Both namespaces stay empty.",
        so="Alarms on them are rung with SetAlarmState here, and proved by use on AWS.",
    ),
    Difference(
        subject=_METRICS,
        test="lambda_publishes_invocations_and_errors_only",
        on_aws="AWS/Lambda has Duration, Throttles, IteratorAge and more.",
        on_localstack="Only Invocations and Errors.",
        so="Alarms on the others are rung with SetAlarmState here.",
    ),
    Difference(
        subject=_METRICS,
        test="alarms_on_metric_math_and_percentiles_are_never_evaluated",
        on_aws="They are evaluated like any other.",
        on_localstack="They stay at INSUFFICIENT_DATA.",
        so="Proved by use on AWS only.",
    ),
    Difference(
        subject=_METRICS,
        test="a_composite_alarm_that_names_its_child_does_not_follow_it",
        on_aws="ALARM(name) follows the alarm of that name.",
        on_localstack="It does not.",
        so="Proved by use on AWS only.",
    ),
    Difference(
        subject=_POLICIES,
        test="permissions_are_not_enforced",
        on_aws="A function may do what its role allows, and a role that does not exist is refused.",
        on_localstack="Every call is allowed, with any role.",
        so="Policies are checked on the synthesized JSON, and a role against the calls that its function made; "
        "only AWS proves that they suffice.",
    ),
    Difference(
        subject=_POLICIES,
        test="key_policies_are_not_enforced",
        on_aws="A key policy that denies Encrypt stops Encrypt.",
        on_localstack="It is stored and ignored.",
        so="Key policies are checked on the synthesized JSON.",
    ),
    Difference(
        subject=_POLICIES,
        test="bucket_policies_are_not_enforced",
        on_aws="A bucket policy that denies plain HTTP stops it.",
        on_localstack="It is stored and ignored.",
        so="Bucket policies are checked on the synthesized JSON.",
    ),
    Difference(
        subject=_POLICIES,
        test="a_function_in_a_closed_network_reaches_everything",
        on_aws="Security groups, routes and endpoints decide what a function in a VPC reaches.",
        on_localstack="It reaches everything.",
        so="The network path is checked on the synthesized JSON.",
    ),
    Difference(
        subject=_STREAM,
        test="a_failed_batch_is_not_bisected",
        on_aws="BisectBatchOnFunctionError halves a failed batch until the bad record is alone.",
        on_localstack="The whole batch is retried and delivered to the destination.",
        so="Good records beside a bad one may be in quarantine too; nothing is lost by it.",
    ),
    Difference(
        subject=_STREAM,
        test="shards_are_processed_one_after_the_other",
        on_aws="Shards are processed at the same time, each with up to ParallelizationFactor batches.",
        on_localstack="One poller takes the shards in turn, and waits for each batch.",
        so="Throughput here says little about several shards on AWS.",
    ),
    Difference(
        subject=_LIMITS,
        test="a_shard_takes_more_than_its_limit",
        on_aws="A shard takes 1 MB or 1,000 records a second; the rest is throttled.",
        on_localstack="There is no limit.",
        so=_FAULTS,
    ),
    Difference(
        subject=_LIMITS,
        test="a_table_takes_more_than_its_capacity",
        on_aws="Writes beyond the table's capacity are throttled.",
        on_localstack="There is no limit.",
        so=_FAULTS,
    ),
    Difference(
        subject=_LIMITS,
        test="a_duplicate_statement_does_not_return_the_old_item",
        on_aws="ReturnValuesOnConditionCheckFailure returns the item that is there.",
        on_localstack="DynamoDB Local leaves it out for a PartiQL INSERT.",
        so="A caller that wants the item reads it back.",
    ),
    Difference(
        subject=_FUNCTIONS,
        test="a_function_may_write_beside_its_code",
        on_aws="Only /tmp can be written.",
        on_localstack="Embedded: a function is a process of the developer's user, on the developer's files. "
        "Its folder for temporary files is its own, and named by TMPDIR and HOME, which AWS does not set.",
        so="Use tempfile, never a fixed path.",
    ),
    Difference(
        subject=_FUNCTIONS,
        test="the_lines_of_an_invocation_all_have_one_time",
        on_aws="Each log line has its own time.",
        on_localstack="All lines of an invocation have the time of its end.",
        so="Read durations from REPORT lines.",
    ),
    Difference(
        subject=_FUNCTIONS,
        test="the_lines_around_an_invocation_are_text_where_json_is_asked_for",
        on_aws="With LogFormat JSON, START and REPORT are JSON documents (platform.start, platform.report).",
        on_localstack="They are the lines of LogFormat Text. What the function logs is JSON.",
        so="A search for either form must allow for the other.",
    ),
    Difference(
        subject=_FUNCTIONS,
        test="a_log_group_of_one_s_own_is_not_used",
        on_aws="LoggingConfig.LogGroup names the group that a function logs to.",
        on_localstack="A function always logs to /aws/lambda/ and its name.",
        so="Give the group that name.",
    ),
)

_HEADER = """\
# Where LocalStack differs from AWS

Generated by `python -m embedded_localstack.parity > docs/parity.md`; do not edit. LocalStack 4.14.0.

Each difference has a test in `tests/emulator/test_parity.py` that fails when the difference is gone.
"""


def page(differences: Sequence[Difference]) -> str:
    """Return the differences as a Markdown page, with a table for each subject."""
    parts = [_HEADER]
    for subject, group in groupby(differences, key=lambda difference: difference.subject):
        rows = [f"| {each.on_aws} | {each.on_localstack} | {each.so} | `test_{each.test}` |" for each in group]
        parts.append(
            "\n".join([f"## {subject}", "", "| AWS | LocalStack | so | test |", "|---|---|---|---|", *rows]) + "\n"
        )
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page(DIFFERENCES))
