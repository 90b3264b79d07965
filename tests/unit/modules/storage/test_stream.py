"""The stream on which transactions arrive."""

from terraform_harness.template import ABSENT, Template


def test_the_stream_keeps_records_for_24_hours_in_two_shards(pipeline: Template) -> None:
    pipeline.count("aws_kinesis_stream", 1)
    pipeline.has(
        "aws_kinesis_stream",
        {
            "name": "transaction-stream-dev",
            "retention_period": 24,
            "shard_count": 2,
            "stream_mode_details": {"stream_mode": "PROVISIONED"},
        },
    )


def test_no_registered_consumer_keeps_an_ephemeral_stream_and_any_keeps_a_lasting_one(
    pipeline: Template, production: Template
) -> None:
    pipeline.has("aws_kinesis_stream", {"enforce_consumer_deletion": True})
    production.has("aws_kinesis_stream", {"enforce_consumer_deletion": False})


def test_the_shard_count_is_a_setting(minimal: Template) -> None:
    minimal.has("aws_kinesis_stream", {"shard_count": 1})


def test_an_on_demand_stream_has_no_shard_count(on_demand: Template) -> None:
    on_demand.has("aws_kinesis_stream", {"shard_count": ABSENT, "stream_mode_details": {"stream_mode": "ON_DEMAND"}})


def test_the_retention_is_a_setting(production: Template) -> None:
    production.has("aws_kinesis_stream", {"retention_period": 168})
