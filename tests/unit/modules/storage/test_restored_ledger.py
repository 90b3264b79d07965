"""A restored table as the ledger: every resource names it instead of the table that it replaces."""

import json

from terraform_harness.template import Template


def test_restored_table_is_the_ledger(in_test_run: Template) -> None:
    """The test run sets LEDGER_TABLE."""
    function = in_test_run.only("aws_lambda_function")

    assert in_test_run.only("aws_dynamodb_table")["name"] == "transactions-restored-dev"
    assert function["environment"]["variables"]["LEDGER_TABLE"] == "transactions-restored-dev"


def test_replaced_table_is_named_nowhere(in_test_run: Template, ephemeral: Template) -> None:
    texts = [json.dumps([each.properties for each in template.resources("*")]) for template in (in_test_run, ephemeral)]

    assert ["transactions-dev" in text for text in texts] == [False, True]
