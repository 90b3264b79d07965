"""The table that holds each transaction once."""

from terraform_harness.template import ABSENT, Template


def test_ledger_is_keyed_by_transaction(pipeline: Template) -> None:
    pipeline.count("aws_dynamodb_table", 1)
    pipeline.has("aws_dynamodb_table", {"name": "transactions-dev", "hash_key": "transactionId", "range_key": ABSENT})


def test_ledger_is_indexed_by_customer_and_time(pipeline: Template) -> None:
    pipeline.has(
        "aws_dynamodb_table",
        {
            "global_secondary_index": [
                {
                    "name": "customer-timestamp",
                    "hash_key": "customerId",
                    "range_key": "timestamp",
                    "projection_type": "ALL",
                }
            ]
        },
    )


def test_ids_are_strings_and_timestamp_is_a_number(pipeline: Template) -> None:
    attributes = pipeline.only("aws_dynamodb_table")["attribute"]

    assert {each["name"]: each["type"] for each in attributes} == {
        "transactionId": "S",
        "customerId": "S",
        "timestamp": "N",
    }


def test_billing_mode_is_on_demand(pipeline: Template) -> None:
    pipeline.has("aws_dynamodb_table", {"billing_mode": "PAY_PER_REQUEST"})


def test_point_in_time_recovery_is_enabled(any_pipeline: Template) -> None:
    any_pipeline.has("aws_dynamodb_table", {"point_in_time_recovery": {"enabled": True}})


def test_only_an_ephemeral_ledger_can_be_deleted(ephemeral: Template, pipeline: Template) -> None:
    ephemeral.has("aws_dynamodb_table", {"deletion_protection_enabled": False})
    pipeline.has("aws_dynamodb_table", {"deletion_protection_enabled": True})
