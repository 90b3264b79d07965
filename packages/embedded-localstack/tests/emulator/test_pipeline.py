"""The path of a record: Kinesis, event source mapping, function, DynamoDB."""

from localstack_support.pipeline import Pipeline
from localstack_support.polling import eventually


def test_record_on_a_stream_is_stored_in_a_table(pipeline: Pipeline) -> None:
    pipeline.put(["one"])

    eventually(pipeline.stored, until=lambda ids: ids == {"one"}, what="the record is in the table", within=15)
