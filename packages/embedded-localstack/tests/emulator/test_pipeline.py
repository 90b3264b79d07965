"""The path that everything else depends on: Kinesis, event source mapping, function, DynamoDB."""

from collections.abc import Callable
from typing import Any

from terraform_harness.polling import eventually


def test_a_record_put_on_a_stream_becomes_an_item_of_a_table(
    client: Callable[..., Any], build_pipeline: Callable[..., Any]
) -> None:
    pipeline = build_pipeline(client)

    pipeline.put(["one"])

    eventually(pipeline.stored, until=lambda ids: ids == {"one"}, what="the record is in the table", within=15)
