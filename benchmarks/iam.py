"""Measures the IAM evaluator on a role with ten statements.

Run `python -m benchmarks.iam`. It prints the time of a decision, and its ratio to one that parses the policy each time.
It exits with 1 if a target is missed.
"""

import json
import sys
from collections.abc import Mapping
from time import process_time
from timeit import repeat

from iam_policy_evaluator import Principal, Request, evaluate, parse_policy

TARGET, TARGET_RATIO = 50.0, 5.0  # microseconds; parsing each time divided by parsing once
ROUNDS, CALLS = 7, 2_000

ACCOUNT = "111122223333"
REGIONAL = f"arn:aws:{{}}:eu-central-1:{ACCOUNT}:{{}}"
KEY = REGIONAL.format("kms", "key/*")
STREAM = REGIONAL.format("kinesis", "stream/transactions")
VIA = {"StringEquals": {"kms:ViaService": ["kinesis.eu-central-1.amazonaws.com", "s3.eu-central-1.amazonaws.com"]}}
OWN = {"StringEquals": {"s3:ResourceAccount": ACCOUNT, "aws:PrincipalAccount": "${aws:PrincipalAccount}"}}
PLAIN = {"Bool": {"aws:SecureTransport": "false"}}
STATEMENTS: list[tuple[str, list[str], str, Mapping[str, Mapping[str, object]]]] = [
    ("Allow", ["kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:DescribeStream*"], STREAM, {}),
    ("Allow", ["kinesis:ListShards", "kinesis:SubscribeToShard"], STREAM, {}),
    ("Allow", ["kms:Decrypt", "kms:GenerateDataKey*"], KEY, VIA),
    ("Allow", ["dynamodb:*Item", "dynamodb:Query"], REGIONAL.format("dynamodb", "table/ledger*"), {}),
    ("Allow", ["sqs:SendMessage"], REGIONAL.format("sqs", "failed-*"), {}),
    ("Allow", ["logs:CreateLogStream", "logs:PutLogEvents"], REGIONAL.format("logs", "log-group:/aws/lambda/*:*"), {}),
    ("Allow", ["ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces"], "*", {}),
    ("Allow", ["s3:GetObject", "s3:PutObject"], "arn:aws:s3:::quarantine-${aws:PrincipalAccount}/rejected/*", OWN),
    ("Deny", ["s3:Delete*", "dynamodb:DeleteTable"], "*", {}),
    ("Deny", ["*"], "*", PLAIN),
]
DOCUMENT: dict[str, object] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": effect, "Action": actions, "Resource": resource, "Condition": condition}
        for effect, actions, resource, condition in STATEMENTS
    ],
}
REQUEST = Request(
    action="s3:PutObject",
    resource=f"arn:aws:s3:::quarantine-{ACCOUNT}/rejected/one",
    principal=Principal("AWS", f"arn:aws:sts::{ACCOUNT}:assumed-role/processor/function"),
    context={
        "aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/processor",
        "aws:PrincipalAccount": ACCOUNT,
        "aws:RequestedRegion": "eu-central-1",
        "aws:SecureTransport": "true",
        "aws:SourceVpce": "vpce-1",
        "aws:ViaAWSService": "false",
        "s3:ResourceAccount": ACCOUNT,
    },
)


def main() -> int:
    """Measure both ways, and return the exit code."""
    text = json.dumps(DOCUMENT)
    if not evaluate(REQUEST, identity=[parse_policy(text)]).allowed:
        sys.exit("iam: the role does not allow the request.")
    # A text is parsed once and found again. An object is parsed each time.
    once = microseconds("evaluate(REQUEST, identity=[parse_policy(text)])", text)
    each_time = microseconds("evaluate(REQUEST, identity=[parse_policy(json.loads(text))])", text)
    ratio = each_time / once
    print(f"iam: a decision on a role with {len(STATEMENTS)} statements {once:.1f} µs (target {TARGET:.0f} µs)")
    print(f"iam: parsing each time {each_time:.1f} µs, ratio {ratio:.1f} (target {TARGET_RATIO:.0f})")
    return 0 if once < TARGET and ratio > TARGET_RATIO else 1


def microseconds(statement: str, text: str) -> float:
    """Return the time of one call in the fastest round."""
    return (
        min(repeat(statement, timer=process_time, number=CALLS, repeat=ROUNDS, globals={**globals(), "text": text}))
        / CALLS
        * 1e6
    )


if __name__ == "__main__":
    sys.exit(main())
