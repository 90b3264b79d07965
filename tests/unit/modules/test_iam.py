"""Policy documents as Python."""

import json

from modules import iam as policy
from modules.iam import Statement


def test_a_document_has_the_current_version_and_its_statements_in_order() -> None:
    text = policy.document(
        Statement(sid="Read", actions=["s3:GetObject"], resources=["a", "b"]),
        Statement(
            sid="NotYou",
            effect="Deny",
            principal={"Service": "events.amazonaws.com"},
            actions=["s3:*"],
            conditions={"Bool": {"aws:SecureTransport": "false"}},
        ),
    )

    assert json.loads(text) == {
        "Version": "2012-10-17",
        "Statement": [
            {"Sid": "Read", "Effect": "Allow", "Action": ["s3:GetObject"], "Resource": ["a", "b"]},
            {
                "Sid": "NotYou",
                "Effect": "Deny",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": ["s3:*"],
                "Resource": ["*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }


def test_trust_is_for_one_service_acting_for_one_account() -> None:
    assert json.loads(policy.trust("lambda.amazonaws.com", account="1")) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Action": "sts:AssumeRole",
                "Principal": {"Service": "lambda.amazonaws.com"},
                "Condition": {"StringEquals": {"aws:SourceAccount": "1"}},
            }
        ],
    }
