"""Policy documents."""

import json

from modules.iam import Statement, document


def test_document_has_current_version_and_statements_in_order() -> None:
    text = document(
        Statement(sid="Read", actions=["s3:GetObject"], resources=["a", "b"]),
        Statement(
            sid="DenyWithoutTls",
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
                "Sid": "DenyWithoutTls",
                "Effect": "Deny",
                "Principal": {"Service": "events.amazonaws.com"},
                "Action": ["s3:*"],
                "Resource": ["*"],
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ],
    }
