"""The commands of the AWS CLI in the runbook exist, and name the resources of the stack."""

import re

import pytest

from modules.naming import Names
from terraform_harness.template import Template
from tests.runbook import RUNBOOK, AwsCommand, all_commands, commands

NAMES = Names(suffix="<s>", account_id="<account>")


@pytest.mark.parametrize("text", all_commands())
def test_command_and_its_options_exist(text: str) -> None:
    command = AwsCommand.parse(text)

    assert command.arguments or text == f"aws {command.service} {command.operation.replace('_', '-')}"


def test_commands_of_a_rollback_name_the_function_and_its_alias() -> None:
    function = {"FunctionName": NAMES.function}
    alias = {**function, "Name": NAMES.function_alias}

    found = [AwsCommand.parse(text) for text in commands("Roll back", {})]

    assert [(each.operation, each.arguments) for each in found] == [
        ("get_alias", alias),
        ("list_versions_by_function", function),
        ("update_alias", {**alias, "FunctionVersion": "<version>"}),
        ("delete_function", {**function, "Qualifier": "<version>"}),
    ]


def test_terraform_addresses_are_those_of_the_stack(pipeline: Template) -> None:
    addresses = {pipeline.only(type_).address for type_ in ("aws_dynamodb_table", "aws_kms_key")}

    assert set(re.findall(r"\baws_\w+\.\w+", RUNBOOK.read_text())) == addresses


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("aws lambda move-alias --name live", "The AWS CLI has no command lambda move-alias."),
        (
            "aws lambda update-alias --alias live",
            "The command lambda update-alias of the AWS CLI has no option --alias.",
        ),
    ],
)
def test_unknown_command_or_option_is_an_error(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        AwsCommand.parse(text)


def test_command_has_its_arguments_and_its_query() -> None:
    command = AwsCommand.parse("aws lambda update-event-source-mapping --enabled --uuid u --query State --output text")

    assert command == AwsCommand(
        service="lambda",
        operation="update_event_source_mapping",
        arguments={"Enabled": True, "UUID": "u"},
        query="State",
    )


def test_option_with_no_sets_an_argument_to_false() -> None:
    command = AwsCommand.parse("aws dynamodb update-table --table-name t --no-deletion-protection-enabled")

    assert command.arguments == {"TableName": "t", "DeletionProtectionEnabled": False}


def test_command_s3api_calls_the_service_s3() -> None:
    command = AwsCommand.parse("aws s3api list-objects-v2 --bucket b")

    assert (command.service, command.operation) == ("s3", "list_objects_v2")
