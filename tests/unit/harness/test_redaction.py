"""What is shown or written down has no secret."""

import copy

from harness.redaction import redacted

STATE = {
    "version": 4,
    "outputs": {"table": {"value": "transactions-t-1"}, "login": {"value": "hunter1", "sensitive": True}},
    "resources": [
        {
            "type": "aws_db_instance",
            "instances": [
                {
                    "attributes": {"name": "shop", "master": "hunter2", "admin_password": "hunter3", "tags": None},
                    "sensitive_attributes": [[{"type": "get_attr", "value": "master"}]],
                }
            ],
        },
        {
            "type": "aws_lambda_function",
            "instances": [
                {
                    "attributes": {"environment": [{"variables": {"API": "hunter4"}}], "timeout": 60},
                    "sensitive_attributes": [],
                }
            ],
        },
    ],
}


def test_what_the_provider_marks_what_is_called_a_secret_and_a_functions_variables_are_blotted_out() -> None:
    shown = redacted(STATE)

    database, function = (resource["instances"][0]["attributes"] for resource in shown["resources"])
    assert database == {"name": "shop", "master": "(redacted)", "admin_password": "(redacted)", "tags": None}
    assert function == {"environment": [{"variables": "(redacted)"}], "timeout": 60}


def test_no_secret_is_anywhere_in_what_is_shown() -> None:
    assert "hunter" not in str(redacted(STATE))


def test_everything_else_is_shown_as_it_is() -> None:
    shown = redacted(STATE)

    assert shown["outputs"]["table"] == {"value": "transactions-t-1"}


def test_the_output_that_is_marked_as_a_secret_is_blotted_out() -> None:
    assert redacted(STATE)["outputs"]["login"] == {"value": "(redacted)", "sensitive": True}


def test_the_state_itself_is_not_changed() -> None:
    before = copy.deepcopy(STATE)

    redacted(STATE)

    assert before == STATE
