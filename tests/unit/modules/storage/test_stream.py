"""The stream that receives transactions."""

from terraform_harness.template import ABSENT, Template


def test_stream_keeps_records_for_24_hours_in_two_shards(pipeline: Template) -> None:
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


def test_only_an_ephemeral_stream_is_deleted_with_its_consumers(ephemeral: Template, pipeline: Template) -> None:
    ephemeral.has("aws_kinesis_stream", {"enforce_consumer_deletion": True})
    pipeline.has("aws_kinesis_stream", {"enforce_consumer_deletion": False})


def test_shard_count_is_a_setting(minimal: Template) -> None:
    minimal.has("aws_kinesis_stream", {"shard_count": 1})


def test_on_demand_stream_has_no_shard_count(on_demand: Template) -> None:
    on_demand.has("aws_kinesis_stream", {"shard_count": ABSENT, "stream_mode_details": {"stream_mode": "ON_DEMAND"}})


def test_retention_is_a_setting(production: Template) -> None:
    production.has("aws_kinesis_stream", {"retention_period": 168})
