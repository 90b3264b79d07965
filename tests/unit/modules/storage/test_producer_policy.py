"""The policy that the stack prints for a producer of its stream."""

from collections.abc import Mapping
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from iam_policy_evaluator import Policy
from operations.outgoing import Outgoing
from operations.send import send
from terraform_harness.template import Template
from tests.unit.modules.decisions import KEY, REGION, Context, arn, policy_in, role_allows

STREAM = arn("kinesis", "stream/transaction-stream-dev")
ANOTHER_STREAM = arn("kinesis", "stream/transaction-stream-prod")


def encrypting(stream: str) -> Context:
    return {"kms:EncryptionContext:aws:kinesis:arn": stream}


NEEDED: Mapping[str, tuple[str, str, Context]] = {
    "put one record": ("kinesis:PutRecord", STREAM, {}),
    "put several records": ("kinesis:PutRecords", STREAM, {}),
    "encrypt records": ("kms:GenerateDataKey", KEY, encrypting(STREAM)),
}
FORBIDDEN: Mapping[str, tuple[str, str, Context]] = {
    "put a record on another stream": ("kinesis:PutRecord", ANOTHER_STREAM, {}),
    "put records on another stream": ("kinesis:PutRecords", ANOTHER_STREAM, {}),
    "read records": ("kinesis:GetRecords", STREAM, {}),
    "describe the stream": ("kinesis:DescribeStream", STREAM, {}),
    "encrypt records of another stream": ("kms:GenerateDataKey", KEY, encrypting(ANOTHER_STREAM)),
    "use the key without a stream": ("kms:GenerateDataKey", KEY, {}),
    "use another key": ("kms:GenerateDataKey", arn("kms", "key/2"), encrypting(STREAM)),
    "decrypt records": ("kms:Decrypt", KEY, encrypting(STREAM)),
}


@pytest.fixture(scope="session")
def policy(pipeline: Template) -> Policy:
    return policy_in(pipeline, pipeline.outputs["producer_policy"])


@pytest.mark.parametrize("purpose", NEEDED)
def test_producer_may(policy: Policy, purpose: str) -> None:
    action, resource, context = NEEDED[purpose]

    assert role_allows(policy, action, resource, context)


@pytest.mark.parametrize("purpose", FORBIDDEN)
def test_producer_may_not(policy: Policy, purpose: str) -> None:
    action, resource, context = FORBIDDEN[purpose]

    assert not role_allows(policy, action, resource, context)


def test_policy_has_no_action_without_a_purpose(policy: Policy) -> None:
    actions = [action for statement in policy.statements for action in statement.actions]

    assert sorted(actions) == sorted(action for action, *_ in NEEDED.values())


def test_policy_allows_every_call_of_the_send_command(policy: Policy) -> None:
    client = boto3.client("kinesis", region_name=REGION, aws_access_key_id="test", aws_secret_access_key="test")
    calls: list[str] = []
    client.meta.events.register("before-parameter-build.kinesis", lambda model, **_: calls.append(model.name))
    record = Outgoing(transaction_id="1", data=b"{}", partition_key="1", expected="stored")
    answer: dict[str, Any] = {"Records": [{"SequenceNumber": "1", "ShardId": "shardId-000000000000"}]}

    with Stubber(client) as stubber:
        stubber.add_response("put_records", answer)
        send(client, "transaction-stream-dev", [record], on_progress=lambda _: None)

    assert calls == ["PutRecords"]
    assert role_allows(policy, "kinesis:PutRecords", STREAM, {})
