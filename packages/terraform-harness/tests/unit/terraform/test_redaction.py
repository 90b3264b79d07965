"""What is shown or written down has no secret."""

import copy

import pytest

from terraform_harness.terraform.redaction import (
    blotter,
    redacted,
    redacted_event,
    secrets_in_configuration,
    secrets_in_state,
)

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


def test_the_secrets_of_a_state_are_known_without_the_rest() -> None:
    assert list(secrets_in_state(STATE)) == ["hunter1", "hunter2", "hunter3"]


def test_an_output_that_is_called_a_secret_is_one_and_its_type_is_not() -> None:
    outputs = {"admin_password": {"value": {"now": "hunter1"}, "type": "string"}}

    assert list(secrets_in_state({"outputs": outputs})) == ["hunter1"]


def test_the_secrets_of_a_configuration_are_known_without_the_rest() -> None:
    configuration = {
        "resource": {
            "aws_secretsmanager_secret": {"shop": {"name": "shop-dev"}},
            "aws_db_instance": {"shop": {"name": "shop", "password": "hunter1", "token": "${var.login}"}},
            "aws_lambda_function": {"f": {"environment": {"variables": {"TABLE": "shop", "API_KEY": "hunter2"}}}},
        },
        "data": {"http": {"page": {"request_headers": {"Token": ["hunter3"]}}}},
        "locals": {"db_password": "hunter4", "name": "shop"},
        "variable": {
            "login": {"type": "string", "default": "hunter5", "sensitive": True},
            "api_token": {"description": "for the shop", "default": "hunter6"},
            "name": {"default": "shop"},
        },
    }

    assert list(secrets_in_configuration(configuration)) == [f"hunter{number}" for number in range(1, 7)]


@pytest.mark.parametrize(
    ("secret", "text", "shown"),
    [
        pytest.param("hunter1", "is hunter1.", "is (redacted).", id="as it is"),
        pytest.param('hunter"\\1', r'{"x": "hunter\"\\1"}', '{"x": "(redacted)"}', id="as JSON writes it"),
        pytest.param("hünter1", r"h\u00fcnter1 hünter1", "(redacted) (redacted)", id="as ASCII"),
        pytest.param("hunter1\nhunter2", "1: hunter1\n2: hunter2", "1: (redacted)\n2: (redacted)", id="line by line"),
        pytest.param("a.b.c.d", "a.b.c.d a-b-c-d", "(redacted) a-b-c-d", id="not as an expression"),
        pytest.param("small", "smaller", "smaller", id="not what is short"),
    ],
)
def test_a_secret_is_blotted_out_of_any_text(secret: str, text: str, shown: str) -> None:
    assert blotter([secret])(text) == shown


def test_the_longer_of_two_secrets_leaves_no_end() -> None:
    assert blotter(["hunter1", "hunter1-of-many"])("hunter1-of-many") == "(redacted)"


def test_without_secrets_a_text_stays_as_it_is() -> None:
    assert blotter([])("hunter1") == "hunter1"


def test_what_a_diagnostic_quotes_is_blotted_out_of_the_event_that_is_shown_only() -> None:
    snippet = {"context": "local", "code": '"x": "hunter1"', "values": [{"statement": 'is "hunter1"'}]}
    event = {"type": "diagnostic", "diagnostic": {"summary": "wrong", "snippet": snippet}}
    before = copy.deepcopy(event)

    shown = redacted_event(event)

    assert shown["diagnostic"] == {
        "summary": "wrong",
        "snippet": {"context": "local", "code": "(redacted)", "values": "(redacted)"},
    }
    assert event == before


@pytest.mark.parametrize("diagnostic", [None, {"summary": "wrong", "snippet": None}, {"summary": "wrong"}])
def test_an_event_that_quotes_nothing_stays_as_it_is(diagnostic: dict[str, object] | None) -> None:
    event = {"type": "diagnostic", "diagnostic": diagnostic}

    assert redacted_event(event) == event
