from collections.abc import Mapping
from typing import Any

import pytest

from embedded_localstack.call_log.recorded_call import resources_of


@pytest.mark.parametrize(
    ("parameters", "resources"),
    [
        pytest.param({"TableName": "ledger", "Item": {"id": {"S": "secret"}}}, {"ledger"}, id="a name"),
        pytest.param({"RequestItems": {"one": {}, "two": {}}}, {"one", "two"}, id="the tables of a batch"),
        pytest.param({"Bucket": "b", "Key": "rejected/shard/1.json"}, {"b/rejected/shard/"}, id="an object"),
        pytest.param({"Bucket": "b", "Key": "top"}, {"b/"}, id="an object without a prefix"),
        pytest.param({"Bucket": "b"}, {"b"}, id="a bucket"),
        pytest.param({"Statement": 'insert into "t" VALUE {}'}, {"INSERT t"}, id="a statement"),
        pytest.param(
            {"Statements": [{"Statement": 'SELECT a\nFROM "t"'}, {"Statement": 'DELETE FROM "u"'}]},
            {"SELECT t", "DELETE u"},
            id="statements",
        ),
        pytest.param({"Statement": "DROP"}, {"a statement of an unknown form"}, id="an unknown statement"),
        pytest.param({"MaxKeys": 3}, {""}, id="no resource"),
    ],
)
def test_names_of_resources_are_kept_without_data(parameters: Mapping[str, Any], resources: set[str]) -> None:
    assert resources_of(parameters) == resources
